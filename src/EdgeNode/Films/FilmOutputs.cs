namespace FaceLandmark.Films;

/// <summary>The files that are made of one film; null: not wanted.</summary>
/// <param name="Annotated">The film with what was found drawn into it: .mp4, .m4v, .mov or .mkv.</param>
/// <param name="Csv">One row a face and frame.</param>
/// <param name="Jsonl">One landmarks message a frame.</param>
internal sealed record FilmOutputs(string? Annotated, string? Csv, string? Jsonl)
{
    /// <summary>Those that are wanted.</summary>
    public IEnumerable<string> All => new[] { Annotated, Csv, Jsonl }.OfType<string>();
}
