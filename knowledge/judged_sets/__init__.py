"""Sets of judged questions, and how well the product's own index and search answer them."""
