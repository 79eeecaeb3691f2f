"""How good a model is: following videos whose truth is known, scores, tables and pictures of them."""
