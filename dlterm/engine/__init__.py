"""The engine: symbolic tensors to graph, gradient, fusion, plan, tape and machine."""
