"""What infra/ and jobs/ agree on: stored shapes, names and the facts both decide by. Knows neither of them."""
