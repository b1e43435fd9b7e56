using System.Text.Json;
using FaceLandmark.Platform;

namespace FaceLandmark.Inference.Onnx;

/// <summary>The <see cref="ThreadChoice"/>s that were measured, in a file of the state folder. One that cannot be read is none.</summary>
/// <param name="folder">The state folder; null: nothing is kept.</param>
internal sealed class ThreadStore(string? folder)
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "threads.json";

    private const int Most = 32;

    /// <summary>The file; null: there is none.</summary>
    public string? File { get; } = folder is null ? null : Path.Combine(folder, FileName);

    /// <summary>What was measured in a situation; null: nothing.</summary>
    public ThreadChoice? Find(ThreadSituation situation) => Read().Find(entry => entry.Situation == situation)?.Choice;

    /// <summary>Keeps what was measured.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write it.</exception>
    public void Keep(ThreadSituation situation, ThreadChoice choice)
    {
        if (File is null)
            throw new IOException("this user has no folder for it");
        var entries = Read();
        entries.RemoveAll(entry => entry.Situation == situation);
        entries.Insert(0, new StoredChoice(situation, choice));
        Directory.CreateDirectory(folder!);
        var json = JsonSerializer.SerializeToUtf8Bytes([.. entries.Take(Most)], ThreadStoreJson.Default.ListStoredChoice);
        WholeFile.Write(File, part => System.IO.File.WriteAllBytes(part, json));
    }

    private List<StoredChoice> Read()
    {
        try
        {
            var entries = File is null || RegularFile.Problem(File) is not null
                ? null
                : JsonSerializer.Deserialize(System.IO.File.ReadAllBytes(File), ThreadStoreJson.Default.ListStoredChoice);
            return entries is not null && entries.TrueForAll(entry => entry is { Situation: not null, Choice.Threads: >= 1 and <= 256 })
                ? entries
                : [];
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    /// <summary>An entry of the file.</summary>
    internal sealed record StoredChoice(ThreadSituation Situation, ThreadChoice Choice);
}
