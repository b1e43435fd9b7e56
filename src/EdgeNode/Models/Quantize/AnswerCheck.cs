using FaceLandmark.OnnxFiles;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Models.Quantize;

/// <summary>How far the landmarks of 8-bit versions of a model lie from its own, over pictures.</summary>
internal sealed class AnswerCheck : IDisposable
{
    private readonly List<PictureSession> _sessions = []; // the model's own first
    private readonly double[] _distances;
    private readonly int _values;

    /// <summary>Loads all of them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="versions">Its 8-bit versions.</param>
    /// <param name="landmarks">How many landmarks they give.</param>
    public AnswerCheck(OnnxModel model, IReadOnlyCollection<OnnxModel> versions, int landmarks)
    {
        (_values, _distances) = (2 * landmarks, new double[versions.Count]);
        _sessions.AddRange(versions.Prepend(model).Select(each => new PictureSession(each)));
    }

    /// <summary>The version whose landmarks lie nearest, by its place.</summary>
    public int Nearest => Array.IndexOf(_distances, _distances.Min());

    /// <summary>Compares the answers to one picture.</summary>
    public void Compare(FaceTensor picture)
    {
        var own = Landmarks(_sessions[0], picture);
        for (var version = 0; version < _distances.Length; version++)
        {
            var answer = Landmarks(_sessions[version + 1], picture);
            for (var i = 0; i < own.Length; i++)
                _distances[version] += Math.Abs(answer[i] - own[i]);
        }
    }

    public void Dispose() => _sessions.ForEach(session => session.Dispose());

    private float[] Landmarks(PictureSession session, FaceTensor picture)
    {
        using var outputs = session.Run(picture, session.Outputs);
        return outputs.Select(output => output.GetTensorDataAsSpan<float>().ToArray()).First(values => values.Length == _values);
    }
}
