import torch

from samwise.network.without_parts import without_parts


@torch.inference_mode()
def test_sentences_about_several_videos_equal_one_by_one(network):
    generator = torch.Generator().manual_seed(3)
    frames = torch.randn(2, 3, 3, 64, 64, generator=generator)
    ids = torch.tensor([[0, 5, 6, 2], [0, 4, 6, 2], [0, 4, 5, 2], [0, 6, 5, 2]])
    padding = torch.zeros_like(ids, dtype=torch.bool)
    together = network.encode_clip(frames, network.encode_text(ids, padding))
    for sentence in range(4):
        row = slice(sentence, sentence + 1)
        video = frames[sentence // 2 : sentence // 2 + 1]
        alone = network.encode_clip(video, network.encode_text(ids[row], padding[row]))
        for name in ("stride4", "stride8", "stride16", "rho"):
            torch.testing.assert_close(getattr(together, name)[row], getattr(alone, name))


@torch.no_grad()
def test_without_adapters_frames_are_the_same_for_all_sentences(network):
    frames = torch.randn(2, 2, 3, 64, 64, generator=torch.Generator().manual_seed(3))
    ids = torch.tensor([[0, 5, 6, 2], [0, 4, 6, 2], [0, 4, 5, 2], [0, 6, 5, 2]])
    padding = torch.zeros_like(ids, dtype=torch.bool)
    bare = without_parts(network, hsa=False, visual_to_text=False, text_to_visual=False)
    expected = bare.encode_clip(frames, bare.encode_text(ids, padding))
    network.fusion.active = False
    try:
        found = network.encode_clip(frames, network.encode_text(ids, padding))
    finally:
        network.fusion.active = True
    for name in ("stride4", "stride8", "stride16", "rho"):
        features = getattr(found, name)
        assert len(features) == 4
        torch.testing.assert_close(features, getattr(expected, name))
    assert torch.equal(found.stride16[0], found.stride16[1])
    assert not torch.equal(found.stride16[0], found.stride16[2])


@torch.inference_mode()
def test_what_precedes_the_sentences_is_kept_once_for_all(network):
    text = network.encode_text(
        torch.tensor([[0, 5, 6, 2], [0, 4, 6, 2]]), torch.zeros(2, 4, dtype=torch.bool)
    )
    cache = network.fusion.new_cache()
    frame = torch.randn(3, 64, 64, generator=torch.Generator().manual_seed(3))
    network.encode_frame(frame, text, cache)
    rows = [len(ring.features.store(0, torch.zeros(1))) for ring in cache.rings]
    assert rows == [1, 2, 2]
