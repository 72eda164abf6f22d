"""Networks from elsewhere: models of PyTorch, ONNX and Keras read, understood, held against themselves, and written."""
