using Microsoft.Extensions.Logging;

namespace FaceLandmark.Diagnostics;

/// <summary>A line of the log.</summary>
/// <param name="Level">How severe it is.</param>
/// <param name="Category">Who says it: the logger's name.</param>
/// <param name="Event">Event id.</param>
/// <param name="Text">The sentence.</param>
/// <param name="Exception">What it is about, if it is about one.</param>
internal readonly record struct LogLine(LogLevel Level, string Category, int Event, string Text, Exception? Exception);
