import torch

from samwise.state.memory_bank import FrameMemory, MemoryBank


def memory(number: int) -> FrameMemory:
    return FrameMemory(torch.full((1, 2, 3), float(number)), torch.full((1, 4), float(number)))


def test_keeps_the_newest_in_order():
    bank = MemoryBank(num_frames=2, num_pointers=3)
    for number in range(5):
        bank.append(memory(number))
    assert [int(f[0, 0, 0]) for f in bank.features] == [3, 4]
    assert [int(p[0, 0]) for p in bank.pointers] == [4, 3, 2]
    assert len(bank) == 2


def test_clear():
    bank = MemoryBank(2, 3)
    bank.append(memory(0))
    bank.clear()
    assert not len(bank) and not bank.pointers


def test_sentences_exchange_all_their_memories():
    bank = MemoryBank(2, 3)
    for number in range(4):
        first, second = memory(number), memory(10 + number)
        bank.append(
            FrameMemory(
                torch.cat([first.features, second.features]),
                torch.cat([first.object_pointer, second.object_pointer]),
            )
        )
    bank.select(torch.tensor([1, 0]))
    assert [f[:, 0, 0].tolist() for f in bank.features] == [[12, 2], [13, 3]]
    assert [p[:, 0].tolist() for p in bank.pointers] == [[13, 3], [12, 2], [11, 1]]
