"""The rig's control page: what is around the kiosk, to be changed from a browser on the same machine."""
