from collections.abc import Hashable

import pytest

from samwise_ros.listener.commands import Command, read_command
from samwise_ros.listener.interpreter import Interpreter, Status, Thresholds
from samwise_ros.listener.listening import interpreter
from samwise_ros.listener.recogniser import Guess, Recognition

USUAL = Thresholds(accept=0.5, ask=0.3)


def heard(*guesses: tuple[str, float], fit: float = 0.9) -> Recognition:
    return Recognition(tuple(Guess(text, share) for text, share in guesses), fit)


@pytest.fixture
def judge() -> Interpreter:
    return interpreter("pocketsphinx")


def test_a_clear_sentence_is_accepted(judge: Interpreter) -> None:
    verdict = judge.judge(heard(("the red car", 0.9), ("the red cat", 0.1)), USUAL)
    assert (verdict.status, verdict.text) == (Status.ACCEPTED, "the red car")
    assert verdict.confidence == pytest.approx(0.81)


def test_other_words_for_the_same_count_together(judge: Interpreter) -> None:
    verdict = judge.judge(heard(("the cup", 0.4), ("the red cat", 0.3), ("the mug", 0.3)), USUAL)
    assert (verdict.status, verdict.text) == (Status.ACCEPTED, "the cup")


def test_doubt_is_asked_about_and_yes_answers(judge: Interpreter) -> None:
    verdict = judge.judge(heard(("the red car", 0.5), ("the red cat", 0.4), ("the red", 0.1)), USUAL)
    assert verdict.status == Status.UNSURE
    assert verdict.alternatives == ("the red car", "the red cat")
    answer = judge.judge(heard(("yes", 1.0)), USUAL)
    assert (answer.status, answer.text) == (Status.ACCEPTED, "the red car")
    assert judge.judge(heard(("yes", 1.0)), USUAL).status == Status.COMMAND


@pytest.mark.parametrize("words", ["no", "never mind"])
def test_no_withdraws_what_was_asked(judge: Interpreter, words: str) -> None:
    judge.judge(heard(("the red car", 0.5), ("the red cat", 0.5)), USUAL)
    assert judge.judge(heard((words, 1.0)), USUAL).withdrawn == "the red car"
    assert judge.judge(heard((words, 1.0)), USUAL).withdrawn == ""


def test_what_does_not_fit_the_sound_is_nothing(judge: Interpreter) -> None:
    assert judge.judge(heard(("the red car", 1.0), fit=0.2), USUAL).status == Status.NOTHING
    assert judge.judge(Recognition(), USUAL).status == Status.NOTHING


def test_words_without_meaning_are_nothing(judge: Interpreter) -> None:
    assert judge.judge(heard(("car the", 1.0)), USUAL).status == Status.NOTHING


def test_with_a_wake_word_only_what_begins_with_it_counts() -> None:
    judge = interpreter("pocketsphinx", "hey robot")
    assert judge.judge(heard(("the red car", 1.0)), USUAL).status == Status.NOTHING
    assert judge.judge(heard(("hey robot the red car", 1.0)), USUAL).text == "the red car"
    assert judge.judge(heard(("yes", 1.0)), USUAL).status == Status.NOTHING
    judge.judge(heard(("hey robot the car", 0.5), ("hey robot the cat", 0.5)), USUAL)
    assert judge.judge(heard(("yes", 1.0)), USUAL).text == "the car"


def test_free_speech_needs_no_grammar() -> None:
    judge = interpreter("faster-whisper")
    assert judge.judge(heard(("the dog with the long tail", 1.0)), USUAL).status == Status.ACCEPTED


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("stop", Command("stop")),
        ("forget it", Command("forget")),
        ("also follow the red car", Command("add", "the red car")),
        ("stop following the red car", Command("remove", "the red car")),
        ("go on", Command("resume")),
        ("the car that stops", None),
        ("follow the red car", None),
    ],
)
def test_commands(judge: Interpreter, text: str, command: Command | None) -> None:
    assert read_command(text) == command
    verdict = judge.judge(heard((text, 1.0)), USUAL)
    if command is None:
        assert (verdict.status, verdict.text) == (Status.ACCEPTED, text)
    else:
        assert (verdict.status, verdict.command, verdict.text) == (Status.COMMAND, *command)


def test_guesses_are_counted_by_what_the_owner_says_they_mean() -> None:
    def meaning(text: str) -> Hashable | None:
        return text[0] if text != "-" else None

    verdict = Interpreter(meaning).judge(heard(("b1", 0.3), ("a1", 0.3), ("-", 0.1), ("a2", 0.3)), USUAL)
    assert (verdict.status, verdict.text) == (Status.ACCEPTED, "a1")
