"""Draws a flow's table as a Mermaid state diagram: the picture can never differ from what is enforced."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.flows.engine import Flow, Step, targets


def lines(flow: Flow) -> Iterator[str]:
    """The diagram of one flow, line by line."""
    yield "stateDiagram-v2"
    yield f"    [*] --> {flow.start.__name__}"
    for step, edges in flow.table.items():
        for event in edges:
            for target in targets(flow, step, event):
                name = "[*]" if target.__name__ == "Ended" else target.__name__
                yield f"    {step.__name__} --> {name} : {event.__name__}"
    for step in flow.table:
        if step.outcome:
            yield f"    note right of {step.__name__} : outcome {step.outcome}"


def page(flow: Flow) -> str:
    """A page on one flow: the edges that hold from every step of the visit, the diagram, the steps' meanings."""
    always = "\n".join(f"- `{event.__name__}` → {_names(flow, event)}" for event in flow.always)
    meanings = "\n".join(f"| {step.__name__} | {step.waits_for} | {_meaning(step)} |" for step in flow.table)
    diagram = "\n".join(lines(flow))
    return (
        f"## {flow.name}\n\nFrom every step of a visit, unless the step has its own edge for it:\n\n{always}\n\n"
        f"```mermaid\n{diagram}\n```\n\n| step | waits for | what it is |\n|---|---|---|\n{meanings}\n"
    )


def document(flows: list[Flow]) -> str:
    """The whole of docs/reference/flows.md."""
    head = "# Flows\n\nDrawn by `make flows` from the tables that are enforced at run time; do not edit.\n\n"
    return head + "\n".join(page(flow) for flow in flows)


def _names(flow: Flow, event: type) -> str:
    found = flow.always[event]
    return ", ".join(step.__name__ for step in (found if isinstance(found, tuple) else (found,)))


def _meaning(step: type[Step]) -> str:
    return (step.__doc__ or "").strip().splitlines()[0]
