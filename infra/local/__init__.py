"""The whole stack on this machine: an emulator, the real template, and an inbox to read it by."""
