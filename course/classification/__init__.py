"""How a picture becomes a class: scores, probabilities, a loss, and the training of a small net."""
