namespace FaceLandmark.Recordings;

/// <summary>A place of a recording at which messages are missing.</summary>
/// <param name="At">When the recording noticed it.</param>
/// <param name="Why">Why, in words.</param>
/// <param name="Topic">Of which topic; null: of all.</param>
/// <param name="Missing">How many messages; null: unknown.</param>
/// <param name="Since">Since when; null: unknown.</param>
internal sealed record RecordedGap(DateTimeOffset At, string Why, string? Topic, long? Missing, DateTimeOffset? Since);
