"""Models without some of their parts, to see what each contributes (paper, ablation of the adapter)."""

from __future__ import annotations

from dataclasses import replace

from samwise.network.samwise import Samwise


def without_parts(
    model: Samwise, *, hsa: bool = True, visual_to_text: bool = True, text_to_visual: bool = True
) -> Samwise:
    """The same model, trained as it is, with parts of its adapters left out.

    HSA adds to its input, so without it the adapters lose their view over time and little else. The two
    attentions multiply their input: the layers after them have never seen values without them in training.

    Args:
        model: not modified.
        hsa: keep Hierarchical Selective Attention.
        visual_to_text: keep visual-to-text attention (VTA).
        text_to_visual: keep text-to-visual attention (TVA).

    Returns:
        A new model on the same device, in the same mode; `model` itself if it has none of those parts.
    """
    adapter = model.config.adapter
    left = replace(
        adapter,
        hsa=adapter.hsa and hsa,
        visual_to_text=adapter.visual_to_text and visual_to_text,
        text_to_visual=adapter.text_to_visual and text_to_visual,
    )
    if left == adapter:
        return model
    reduced = Samwise(replace(model.config, adapter=left)).to(model.memory.no_memory.device)
    state = model.state_dict()
    # Assigned and not copied into float32, as weights carry their precision themselves.
    own = {name: state[name].clone() for name in reduced.state_dict()}
    reduced.load_state_dict(own, assign=True)
    return reduced.train(model.training)
