"""Azure Resource Manager as clients see it: a store of resources, with a descriptor per type."""
