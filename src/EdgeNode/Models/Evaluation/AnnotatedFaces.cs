namespace FaceLandmark.Models.Evaluation;

/// <summary>Faces with known landmarks, from a list file or a folder of 300-W.</summary>
internal static class AnnotatedFaces
{
    /// <summary>
    /// Reads a list file (<see cref="WflwList"/>) or a folder of <c>.pts</c> files (<see cref="PtsFolder"/>);
    /// all faces have equally many points.
    /// </summary>
    /// <exception cref="ListException">It is missing, empty or of another form.</exception>
    public static IReadOnlyList<AnnotatedFace> Read(string path) => Directory.Exists(path) ? PtsFolder.Read(path) : WflwList.Read(path);
}
