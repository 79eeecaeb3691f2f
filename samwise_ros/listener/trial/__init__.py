"""How well the listener hears: spoken sentences of the world with noise, and hours that hold no sentence."""
