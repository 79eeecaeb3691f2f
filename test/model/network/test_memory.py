import torch

from samwise.state.memory_bank import FrameMemory, MemoryBank


def features(network, seed: int):
    return torch.randn(1, 32, 4, 4, generator=torch.Generator().manual_seed(seed))


def filled(network, frames: int, num_frames: int = 6, num_pointers: int = 15) -> MemoryBank:
    bank = MemoryBank(num_frames, num_pointers)
    for t in range(frames):
        generator = torch.Generator().manual_seed(t)
        bank.append(
            FrameMemory(torch.randn(1, 16, 8, generator=generator), torch.randn(1, 32, generator=generator))
        )
    return bank


def test_empty_bank_marks_the_frame_as_memoryless(network):
    x = features(network, 0)
    assert torch.equal(network.memory.condition(x, MemoryBank(6, 15)), network.memory.without_memory(x))


def test_ring_is_bit_equal_to_reading_the_tail_of_everything(network):
    x = features(network, 0)
    everything = filled(network, 20, num_frames=20, num_pointers=20)
    tail = MemoryBank(6, 15)
    entries = list(zip(everything.features[-15:], reversed(everything.pointers[:15]), strict=True))
    for feature, pointer in entries:
        tail.append(FrameMemory(feature, pointer))
    assert torch.equal(network.memory.condition(x, filled(network, 20)), network.memory.condition(x, tail))


def test_pointers_count_beyond_the_spatial_memories(network):
    x = features(network, 0)
    short, long = filled(network, 20, num_pointers=14), filled(network, 20, num_pointers=15)
    assert not torch.equal(network.memory.condition(x, short), network.memory.condition(x, long))


def test_age_of_a_memory_matters(network):
    x = features(network, 0)
    first, second = filled(network, 2).features
    pointer = torch.zeros(1, 32)
    banks = []
    for order in ((first, second), (second, first)):
        bank = MemoryBank(6, 15)
        for feature in order:
            bank.append(FrameMemory(feature, pointer))
        banks.append(network.memory.condition(x, bank))
    assert (banks[0] - banks[1]).abs().max() > 1e-5
