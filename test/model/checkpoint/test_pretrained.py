"""A small network put together from files like those of SAM 2 and RoBERTa."""

import pytest
import torch
from published_keys import published_state
from safetensors.torch import load_file, save_file
from transformers import RobertaConfig, RobertaModel

from samwise.checkpoint.official import our_name
from samwise.checkpoint.pretrained import TEXT_PREFIX, Foundation, assemble
from samwise.errors import CheckpointError


@pytest.fixture(scope="module")
def sam2_names(network):
    """From our names of the frozen part to SAM 2's."""
    # Which blocks have a projection depends on the sizes, so the image encoder's names come from the network.
    same = "image_encoder."
    encoder = {n: n.removeprefix("fusion.") for n in network.state_dict() if n.startswith(f"fusion.{same}")}
    names = [n for n in published_state("_tiny") if n.startswith("sam.") and "project_text" not in n]
    return {our_name(n): n.removeprefix("sam.") for n in names if same not in n} | encoder


@pytest.fixture
def files(network, sam2_names, tmp_path):
    """Checkpoint of SAM 2 with the weights of the small network, and folder of another RoBERTa."""
    state = {sam2_names[n]: v for n, v in network.state_dict().items() if n in sam2_names}
    # SAM 2 carries along parameters that are never used.
    torch.save({"model": state | {"no_mem_pos_enc": torch.zeros(1)}}, tmp_path / "sam2.pt")
    text = network.config.text
    torch.manual_seed(5)
    roberta = RobertaModel(
        RobertaConfig(
            vocab_size=text.vocabulary_size,
            hidden_size=text.width,
            num_hidden_layers=text.stage_ends[-1],
            num_attention_heads=text.num_heads,
            intermediate_size=text.feed_forward,
            max_position_embeddings=text.max_positions,
            type_vocab_size=1,
        )
    )
    roberta.save_pretrained(tmp_path / "roberta")
    return tmp_path / "sam2.pt", tmp_path / "roberta", roberta


def test_encoders_are_taken_over_and_the_rest_is_fresh(network, files, sam2_names):
    sam2, folder, roberta = files
    model = assemble(network.config, sam2, str(folder), seed=0)
    own, old, text = model.state_dict(), network.state_dict(), roberta.state_dict()
    for name, value in own.items():
        if name in sam2_names:
            assert torch.equal(value, old[name]), name
        elif name.startswith(TEXT_PREFIX):
            assert torch.equal(value, text[name.removeprefix(TEXT_PREFIX)]), name
    changed = {n.split(".")[0] for n in own if n in old and not torch.equal(own[n], old[n])}
    assert changed == {"fusion", "prompts", "cme"}
    again = assemble(network.config, sam2, str(folder), seed=0).state_dict()
    assert all(torch.equal(value, again[name]) for name, value in own.items())


def test_parts_that_do_not_fit_are_named(network, files):
    sam2, folder, _ = files
    state = torch.load(sam2, weights_only=True)["model"]
    state.pop("no_mem_embed")
    state["maskmem_tpos_enc"] = torch.zeros(3, 1, 1, 8)
    torch.save({"model": state}, sam2)
    with pytest.raises(
        CheckpointError, match=r"memory\.no_memory is missing; .*is \(3, 1, 1, 8\) instead of"
    ):
        assemble(network.config, sam2, str(folder), seed=0)


def test_what_is_missing_is_named(files, tmp_path):
    sam2, folder, _ = files
    with pytest.raises(CheckpointError, match=r"nowhere\.pt.*download sam2_hiera_base_plus\.pt"):
        Foundation(str(tmp_path / "nowhere.pt"), str(folder)).build(0)
    with pytest.raises(CheckpointError, match="no RoBERTa .*nowhere"):
        Foundation(str(sam2), str(tmp_path / "nowhere")).build(0)
    (tmp_path / "sam2.pt").write_bytes(b"not a checkpoint")
    with pytest.raises(CheckpointError, match="not a readable checkpoint"):
        Foundation(str(sam2), str(folder)).build(0)


def test_another_sam_is_told(network, files, tmp_path):
    sam2, folder, _ = files
    state = torch.load(sam2, weights_only=True)["model"]
    torch.save({"model": state | {"obj_ptr_tpos_proj.weight": torch.zeros(1)}}, sam2)
    with pytest.raises(CheckpointError, match=r"sam2\.pt' is not SAM 2\.0.*sam\.obj_ptr_tpos_proj\.weight"):
        assemble(network.config, sam2, str(folder), seed=0)


def test_a_roberta_with_holes_is_refused_and_not_filled_at_random(network, files):
    sam2, folder, _ = files
    weights = load_file(folder / "model.safetensors")
    save_file({n: v for n, v in weights.items() if "layer.1.output" not in n}, folder / "model.safetensors")
    with pytest.raises(CheckpointError, match=r"not a complete RoBERTa.*layer\.1\.output"):
        assemble(network.config, sam2, str(folder), seed=0)
