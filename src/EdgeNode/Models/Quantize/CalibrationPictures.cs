using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.Locate;
using FaceLandmark.ModelCards;
using FaceLandmark.Models.Evaluation;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Models.Quantize;

/// <summary>
/// Pictures of faces for calibration, cut and standardised as in the pipeline: those of a list by its boxes, those of a folder by the
/// detector.
/// </summary>
internal sealed class CalibrationPictures : IDisposable
{
    private readonly List<(string Name, Func<byte[]> Read, Region Region)> _faces = [];
    private readonly FramePool _pool = new();
    private readonly PictureStore? _store;
    private readonly CpuPreprocessor _preprocessor;
    private readonly FaceTensor _tensor;
    private readonly WorkLoop _loop;
    private readonly PicturesOptions _pictures;
    private readonly Action<string> _skipped;
    private readonly HashSet<string> _bad = new(StringComparer.Ordinal);

    /// <param name="options">How the detector finds the faces of a folder.</param>
    /// <param name="card">The model they are prepared for.</param>
    /// <param name="source">A folder, or a list.</param>
    /// <param name="roots">Where the pictures of a list are.</param>
    /// <param name="most">The most pictures looked at.</param>
    /// <param name="pictures">How large pictures may be.</param>
    /// <param name="loop">Goes through the faces.</param>
    /// <param name="skipped">Receives a sentence for each picture that cannot be read; the others suffice.</param>
    /// <exception cref="ListException">There is neither a folder nor a list, or it has no face.</exception>
    public CalibrationPictures(
        LocateOptions options,
        ModelCard card,
        string source,
        IReadOnlyList<string> roots,
        int most,
        PicturesOptions pictures,
        WorkLoop loop,
        Action<string> skipped
    )
    {
        (_loop, _pictures, _skipped) = (loop, pictures, skipped);
        if (Directory.Exists(source))
        {
            FindFaces(options, source, most);
        }
        else
        {
            var list = WflwList.Read(source);
            _store = new PictureStore(roots);
            var faces = Spread(list, most);
            _faces.AddRange(faces.Select(face => (face.Picture, (Func<byte[]>)(() => _store.Read(face.Picture)), Region.Around(face.Box))));
        }

        _preprocessor = new CpuPreprocessor(card);
        _tensor = new FaceTensor(card.InputSize, card.Landmarks);
    }

    /// <summary>Shows every face to <paramref name="use"/>.</summary>
    public void ForEach(string title, Action<FaceTensor> use, CancellationToken cancellationToken) =>
        _loop(
            title,
            _faces.Count,
            index =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                var (name, read, region) = _faces[index];
                if (Skipping(name, () => PictureFile.Decode(read(), name, _pool, _pictures)) is { } frame)
                {
                    _preprocessor.Prepare(frame, region, _tensor);
                    frame.Dispose();
                    use(_tensor);
                }

                if (index == _faces.Count - 1 && _bad.Count > 0 && _faces.All(face => _bad.Contains(face.Name)))
                    throw new ListException("None of the pictures for calibration can be read: give others.");
            }
        );

    public void Dispose()
    {
        _store?.Dispose();
        _preprocessor.Dispose();
        _tensor.Dispose();
        _pool.Dispose();
    }

    private void FindFaces(LocateOptions options, string folder, int most)
    {
        using var detector = new BlazeFaceDetector(options);
        foreach (var path in Spread(PictureReader.List(folder), most))
        {
            using var frame = Skipping(path, () => PictureFile.Decode(path, _pool, _pictures));
            if (frame is not null)
                _faces.AddRange(
                    detector.Detect(frame).Select(found => (path, (Func<byte[]>)(() => File.ReadAllBytes(path)), Region.Around(found.Box)))
                );
        }

        if (_faces.Count == 0)
            throw new ListException(
                $"No face was found in the pictures of {folder} ({PictureReader.Extensions}): give a folder of pictures with faces, "
                    + "or a WFLW list."
            );
    }

    private Frame? Skipping(string name, Func<Frame> read)
    {
        try
        {
            return read();
        }
        catch (Exception reason) when (reason is SourceException or ListException)
        {
            if (_bad.Add(name))
                _skipped($"{reason.Message} The picture is left out.");
            return null;
        }
    }

    // Lists and folders are often sorted by person; every n-th is a better sample than the first ones.
    private static IEnumerable<T> Spread<T>(IReadOnlyList<T> all, int most)
    {
        var count = Math.Min(all.Count, most);
        return Enumerable.Range(0, count).Select(i => all[(int)((long)i * all.Count / count)]);
    }
}
