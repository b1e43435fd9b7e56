using FaceLandmark.Platform;

namespace FaceLandmark.Benchmarks;

/// <summary>The benchmark cannot go on; the message says why and what to do.</summary>
internal sealed class BenchException(string message, Exception? inner = null) : ExplainedException(message, inner);
