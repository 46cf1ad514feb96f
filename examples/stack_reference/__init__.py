"""A Pulumi program of an application team, which reads the outputs of the stack that serves its model."""
