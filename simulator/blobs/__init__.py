"""Blob storage as clients see it: access decided here, blobs kept by Microsoft's Azurite."""
