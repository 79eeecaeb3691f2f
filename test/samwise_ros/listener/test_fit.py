from samwise_ros.listener.fit import Stretch, fit_of

PHONES = [Stretch("K", 0, 10, -400.0), Stretch("AA", 10, 30, -900.0), Stretch("SIL", 30, 60, -900.0)]


def test_words_as_good_as_the_best_phones_fit() -> None:
    assert fit_of([Stretch("car", 0, 30, -1350.0)], PHONES) > 0.9


def test_words_far_from_the_sound_do_not() -> None:
    assert fit_of([Stretch("car", 0, 30, -1300.0 - 30 * 40)], PHONES) < 0.05


def test_one_wrong_word_among_right_ones_is_enough() -> None:
    right, wrong = Stretch("the", 0, 10, -450.0), Stretch("car", 20, 25, -225.0 - 5 * 90)
    long_right = Stretch("bottommost", 25, 60, -1150.0)
    assert fit_of([right, long_right], PHONES) > 0.9
    assert fit_of([right, wrong, long_right], PHONES) < 0.1


def test_a_search_for_phones_that_lost_its_way_proves_nothing() -> None:
    assert fit_of([Stretch("car", 0, 30, -600.0)], PHONES) == 0.0


def test_nobody_draws_out_a_word_for_seconds() -> None:
    assert fit_of([Stretch("stop", 0, 300, -12000.0)], [Stretch("AA", 0, 300, -12000.0)]) == 0.0
