"""What keeps the promises of this project: one folder a room, and the contracts that every channel keeps."""
