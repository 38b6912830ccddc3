"""What the labels mean, versioned: schema, text, rulings, inquiries."""
