"""The composition root: the only package that picks adapters.

Nothing is built at import. Each factory imports what it needs itself, so that a function loads only
the adapters that it uses; ``functools.cache`` keeps one instance for the life of a container.
"""

from hikeshi.runtime.bootstrap.auditing import (
    auditor,
    beat,
    contact_checking,
    digesting,
    drill_stage,
    heartbeats,
    looking,
)
from hikeshi.runtime.bootstrap.collecting import collecting, ingesting, post_queue
from hikeshi.runtime.bootstrap.escalation import chat_poster, dispatcher, paging, workflow_driver
from hikeshi.runtime.bootstrap.incidents import (
    asking,
    drafting,
    feedback_store,
    lifecycle,
    opening,
    proof_store,
    report_store,
)
from hikeshi.runtime.bootstrap.pages import (
    error_page,
    expert_desk,
    page_renderer,
    people_desk,
    responder_desk,
)
from hikeshi.runtime.bootstrap.scoring import (
    assessing,
    encoder,
    exposure_watch,
    incident_requests,
    post_archive,
    post_counts,
    scorer,
    tokenizer,
)
from hikeshi.runtime.bootstrap.shared import (
    alert_store,
    client,
    clock,
    configuration,
    directory,
    drills,
    ids,
    incident_repository,
    key_ring,
    link_store,
    outbox,
    published,
    wording,
)

__all__ = [
    "alert_store",
    "asking",
    "assessing",
    "auditor",
    "beat",
    "chat_poster",
    "client",
    "clock",
    "collecting",
    "configuration",
    "contact_checking",
    "digesting",
    "directory",
    "dispatcher",
    "drafting",
    "drill_stage",
    "drills",
    "encoder",
    "error_page",
    "expert_desk",
    "exposure_watch",
    "feedback_store",
    "heartbeats",
    "ids",
    "incident_repository",
    "incident_requests",
    "ingesting",
    "key_ring",
    "lifecycle",
    "link_store",
    "looking",
    "opening",
    "outbox",
    "page_renderer",
    "paging",
    "people_desk",
    "post_archive",
    "post_counts",
    "post_queue",
    "proof_store",
    "published",
    "report_store",
    "responder_desk",
    "scorer",
    "tokenizer",
    "wording",
    "workflow_driver",
]
