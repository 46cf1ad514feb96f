"""What a reviewer would ask of an environment: rules over what a stack declares, and a Pulumi policy pack of them."""
