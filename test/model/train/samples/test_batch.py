import torch

from samwise.train.samples.batch import Collate, Sample


def sample(seed: int, *expressions: str) -> Sample:
    torch.manual_seed(seed)
    masks = torch.rand(len(expressions), 2, 8, 8) > 0.5
    return Sample(torch.randn(2, 3, 8, 8), expressions, masks)


def test_sentences_about_a_video_stand_together(tokenizer):
    first, second = sample(0, "the red car", "the dog"), sample(1, "the dog that runs", "the car")
    batch = Collate(tokenizer)([first, second])
    assert torch.equal(batch.frames, torch.stack([first.frames, second.frames]))
    assert torch.equal(batch.masks, torch.cat([first.masks, second.masks])) and batch.semantics is None
    ids, padding = tokenizer.encode(["the red car", "the dog", "the dog that runs", "the car"])
    assert torch.equal(batch.ids, ids) and torch.equal(batch.padding, padding)
