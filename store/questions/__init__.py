"""What a desk is asked, one module a question. None of them writes."""
