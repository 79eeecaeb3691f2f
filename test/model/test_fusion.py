import torch


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
