"""What a consent is asked for in the tests of the client and of its authorization."""

SCOPES = (
    "allegro:api:profile:read",
    "allegro:api:orders:read",
    "allegro:api:orders:write",
    "allegro:api:sale:offers:read",
)
