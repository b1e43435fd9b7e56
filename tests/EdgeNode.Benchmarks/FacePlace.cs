namespace FaceLandmark.Benchmarks;

/// <summary>Where the face of a <see cref="FaceFilm"/> is.</summary>
/// <param name="X">Pixels to the right of the frame's middle.</param>
/// <param name="Y">Pixels below it.</param>
/// <param name="Scale">1 is <see cref="FaceFilm.Side"/>.</param>
/// <param name="Degrees">Turned clockwise.</param>
internal readonly record struct FacePlace(double X = 0, double Y = 0, double Scale = 1, double Degrees = 0);
