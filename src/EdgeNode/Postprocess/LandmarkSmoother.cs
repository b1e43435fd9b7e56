using FaceLandmark.Faces;

namespace FaceLandmark.Postprocess;

/// <summary>
/// Takes camera noise out of the points of followed faces: the one-euro filter (Casiez, Roussel, Vogel 2012), a low-pass that opens with
/// speed. The speed of the whole face counts most, being the mean of all points it has little noise of its own. One instance
/// a camera; frames in order; used by one thread at a time.
/// </summary>
/// <param name="maxFaces">The most faces of one frame.</param>
/// <param name="landmarks">Points of a face.</param>
public sealed class LandmarkSmoother(int maxFaces, int landmarks)
{
    // Cut-off frequencies in hertz; speeds in sides of the face's box a second, which a turn of the head changes less than the distance of the eyes.
    private const float CutOffAtRest = 0.6f;
    private const float CutOffPerFaceSpeed = 50;
    private const float CutOffPerPointSpeed = 5;
    private const float SpeedCutOff = 1;

    /// <summary>After a longer gap a face starts afresh.</summary>
    private const float LongestGapSeconds = 0.5f;

    private readonly State[] _states = [.. Enumerable.Range(0, maxFaces).Select(_ => new State(2 * landmarks))];

    /// <summary>Smooths the points of all present faces in place and renews their boxes; forgets faces that are not there.</summary>
    /// <param name="faces">All faces of a frame.</param>
    /// <param name="seconds">When it was captured, on any clock that runs on.</param>
    public void Smooth(ReadOnlySpan<Face> faces, double seconds)
    {
        foreach (var state in _states)
        {
            if (!IsPresent(faces, state.Id))
                state.Id = 0;
        }

        foreach (var face in faces)
        {
            if (!face.IsPresent || face.Points.Length != 2 * landmarks || Find(face.Candidate.Id) is not { } state)
                continue;
            var elapsed = (float)(seconds - state.Seconds);
            if (state.Id == face.Candidate.Id && elapsed is > 0 and < LongestGapSeconds)
                Filter(state, face, elapsed);
            else
                state.Start(face);
            state.Seconds = seconds;
            state.Points.CopyTo(face.Points);
            face.Box = Box.Of(face.Points);
        }
    }

    private static bool IsPresent(ReadOnlySpan<Face> faces, int id)
    {
        foreach (var face in faces)
        {
            if (face.IsPresent && face.Candidate.Id == id)
                return true;
        }

        return false;
    }

    /// <summary>The face's own state, else a free one.</summary>
    private State? Find(int id)
    {
        State? free = null;
        foreach (var state in _states)
        {
            if (state.Id == id)
                return state;
            free ??= state.Id == 0 ? state : null;
        }

        return free;
    }

    private static void Filter(State state, Face face, float elapsed)
    {
        var side = Math.Max(face.Box.Width, face.Box.Height);
        if (!(side > 0))
            return;
        var gain = Gain(SpeedCutOff, elapsed);
        float faceX = 0, faceY = 0;
        for (var i = 0; i < face.Points.Length; i += 2)
        {
            state.Speeds[i] += gain * (((face.Points[i] - state.Raw[i]) / (elapsed * side)) - state.Speeds[i]);
            state.Speeds[i + 1] += gain * (((face.Points[i + 1] - state.Raw[i + 1]) / (elapsed * side)) - state.Speeds[i + 1]);
            (faceX, faceY) = (faceX + state.Speeds[i], faceY + state.Speeds[i + 1]);
        }

        (faceX, faceY) = (2 * faceX / face.Points.Length, 2 * faceY / face.Points.Length);
        var cutOff = CutOffAtRest + (CutOffPerFaceSpeed * MathF.Sqrt((faceX * faceX) + (faceY * faceY)));
        for (var i = 0; i < face.Points.Length; i += 2)
        {
            var (x, y) = (state.Speeds[i] - faceX, state.Speeds[i + 1] - faceY);
            var share = Gain(cutOff + (CutOffPerPointSpeed * MathF.Sqrt((x * x) + (y * y))), elapsed);
            state.Points[i] += share * (face.Points[i] - state.Points[i]);
            state.Points[i + 1] += share * (face.Points[i + 1] - state.Points[i + 1]);
        }

        face.Points.CopyTo(state.Raw);
    }

    /// <summary>Share of the new value in a first-order low-pass.</summary>
    private static float Gain(float cutOff, float elapsed) => 1 / (1 + (1 / (2 * MathF.PI * cutOff * elapsed)));

    private sealed class State(int values)
    {
        public int Id { get; set; }

        public double Seconds { get; set; }

        public float[] Raw { get; } = new float[values];

        public float[] Points { get; } = new float[values];

        public float[] Speeds { get; } = new float[values];

        public void Start(Face face)
        {
            Id = face.Candidate.Id;
            face.Points.CopyTo(Raw, 0);
            face.Points.CopyTo(Points, 0);
            Array.Clear(Speeds);
        }
    }
}
