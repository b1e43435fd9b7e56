namespace FaceLandmark.Tests.Models;

/// <summary>A folder of checkpoints written by Debian's PyTorch, once for all tests of a run (checkpoints.py says which).</summary>
public sealed class Checkpoints : IAsyncLifetime
{
    /// <summary>Side of the input that the answers were computed for.</summary>
    public const int Size = 64;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("facelandmark-checkpoints-");

    public string Input => Path.Combine(_folder.FullName, "input.f32");

    public string this[string name] => Path.Combine(_folder.FullName, name + ".pth");

    public string AnswerTo(string name) => Path.Combine(_folder.FullName, name + ".out.f32");

    public async ValueTask InitializeAsync() =>
        await PythonAsync(Path.Combine(AppContext.BaseDirectory, "Models", "checkpoints.py"), _folder.FullName);

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs Debian's Python, which has torch and onnx; a failure is the test's.</summary>
    public static Task PythonAsync(params IEnumerable<string> arguments) => RunningProgram.OutputOfAsync("/usr/bin/python3", arguments);
}
