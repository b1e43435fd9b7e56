namespace FaceLandmark.Models;

/// <summary>A model can't be found or its card can't be read. The message is a sentence for people.</summary>
public sealed class ModelException(string message, Exception? inner = null) : Exception(message, inner);
