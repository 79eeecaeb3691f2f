import torch

from samwise.train.batch import Collate, Sample


def sample(seed: int, *expressions: str) -> Sample:
    torch.manual_seed(seed)
    masks = torch.rand(len(expressions), 2, 8, 8) > 0.5
    return Sample(torch.randn(2, 3, 8, 8), expressions, masks)


def test_videos_are_repeated_for_their_sentences(tokenizer):
    first, second = sample(0, "the red car", "the dog"), sample(1, "the dog that runs")
    batch = Collate(tokenizer)([first, second])
    assert batch.frames.shape == (3, 2, 3, 8, 8) and batch.masks.shape == (3, 2, 8, 8)
    assert torch.equal(batch.frames[0], batch.frames[1]) and torch.equal(batch.frames[2], second.frames)
    assert torch.equal(batch.masks[1], first.masks[1]) and torch.equal(batch.masks[2], second.masks[0])
    ids, padding = tokenizer.encode(["the red car", "the dog", "the dog that runs"])
    assert torch.equal(batch.ids, ids) and torch.equal(batch.padding, padding)
