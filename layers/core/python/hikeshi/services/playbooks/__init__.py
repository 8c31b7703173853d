"""Use cases of playbooks: what each department is asked to do, and how far it is."""
