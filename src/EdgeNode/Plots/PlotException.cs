using FaceLandmark.Platform;

namespace FaceLandmark.Plots;

/// <summary>A recording cannot be drawn. The message says what, where and what to do.</summary>
internal sealed class PlotException(string message, Exception? inner = null) : ExplainedException(message, inner);
