using System.Diagnostics;
using FaceLandmark.ModelCards;
using FaceLandmark.Models;
using FaceLandmark.Models.Import;

namespace FaceLandmark.Tests.Models;

public sealed class HostileCheckpointTests : IDisposable
{
    private const long MostAllocated = 128 << 20;

    private readonly string _folder = Directory.CreateTempSubdirectory("facelandmark-hostile-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_checkpoint_that_the_corpus_is_made_from_is_imported()
    {
        var card = Import(new CheckpointWriter().ToArray());

        Assert.Equal(CheckpointWriter.Landmarks, card.Landmarks);
        Assert.Equal(card.Sha256, WeightsFile.HashOf(card.Path));
    }

    [Fact]
    public void Every_hostile_file_is_refused_with_a_sentence_in_little_time_and_memory()
    {
        var files = HostileFiles.All().ToList();
        Assert.True(files.Count >= 200, $"only {files.Count} files");
        var problems = new List<string>();
        foreach (var (name, bytes) in files)
        {
            var path = Write(bytes);
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var clock = Stopwatch.StartNew();
            var verdict = Verdict(() => Import(path));
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            if (verdict is not null || allocated > MostAllocated || clock.Elapsed > Patience.Limit)
                problems.Add($"{name}: {verdict ?? "refused"}, {allocated} bytes, {clock.Elapsed}");
        }

        Assert.True(problems.Count == 0, $"{problems.Count} of {files.Count}:\n{string.Join('\n', problems)}");
        Assert.Empty(Directory.GetFiles(_folder, "*.onnx*"));
    }

    [Fact]
    public void A_pickle_with_any_byte_changed_is_imported_or_refused_but_never_ends_in_another_fault()
    {
        var checkpoint = new CheckpointWriter();
        var good = checkpoint.Pickle();
        var random = new Random(5);
        var problems = new List<string>();
        for (var i = 0; i < 1500; i++)
        {
            var pickle = good.ToArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
                pickle[random.Next(pickle.Length)] = (byte)random.Next(256);
            var path = Write(checkpoint.Zip(pickle).ToArray());
            try
            {
                using var tensors = new TorchCheckpoint(path);
                foreach (var name in tensors.Tensors.Keys)
                    tensors.Read(name);
            }
            catch (ModelException)
            {
                // refused
            }
#pragma warning disable CA1031 // the point of the test
            catch (Exception other)
#pragma warning restore CA1031
            {
                problems.Add($"{i}: {other.GetType().Name} {other.Message}");
            }
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems.Take(5)));
    }

    [Fact]
    public void A_foreign_global_is_named_in_the_refusal()
    {
        var pickle = new PickleWriter().Global("posix", "system").Op('(').Text("id").Op('t').Op('R').ToArray();

        var refusal = Assert.Throws<ModelException>(() => Import(new CheckpointWriter().Zip(pickle).ToArray()));

        Assert.Contains("'posix.system'", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("os", "system")]
    [InlineData("__builtin__", "eval")]
    [InlineData("builtins", "getattr")]
    [InlineData("torch.hub", "load")]
    [InlineData("numpy.testing._private.utils", "runstring")]
    [InlineData("importlib", "import_module")]
    [InlineData("collections", "OrderedDict.__class__")]
    public void What_would_run_code_is_refused_wherever_it_stands(string module, string name)
    {
        var pickle = new PickleWriter()
            .Op('}')
            .Op('(')
            .Text("meta")
            .Global(module, name)
            .Op('(')
            .Text("id")
            .Op('t')
            .Op('R')
            .Text("state_dict")
            .Op('}')
            .Op('u')
            .ToArray();

        var refusal = Assert.Throws<ModelException>(() => Import(new CheckpointWriter().Zip(pickle).ToArray()));

        Assert.Contains($"'{module}.{name}'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("run code", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mkfifo", "is a named pipe")]
    [InlineData("ln -s /dev/zero", "is a device")]
    [InlineData("mkdir", "is a folder")]
    [InlineData("ln -s nowhere", "is missing")]
    public void What_is_no_file_is_refused_at_once(string make, string sentence)
    {
        var path = Path.Combine(_folder, "odd.pth");
        using (var process = Process.Start("sh", ["-c", $"{make} '{path}'"]))
            process.WaitForExit();

        Assert.Contains(sentence, Assert.Throws<ModelException>(() => Import(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_foreign_opcode_is_named_in_the_refusal()
    {
        var pickle = new PickleWriter().Op('(').Op('i').ToArray();

        var refusal = Assert.Throws<ModelException>(() => Import(new CheckpointWriter().Zip(pickle).ToArray()));

        Assert.Contains("INST (0x69)", refusal.Message, StringComparison.Ordinal);
    }

    // Null when the file is refused as it should be.
    private static string? Verdict(Action import)
    {
        try
        {
            import();
            return "imported";
        }
        catch (ModelException refusal)
        {
            var isSentence = refusal.Message.EndsWith('.') && refusal.Message.Length < 1500 && !refusal.Message.Any(char.IsControl);
            return isSentence ? null : $"no sentence: {refusal.Message}";
        }
#pragma warning disable CA1031 // the point of the test
        catch (Exception other)
#pragma warning restore CA1031
        {
            return $"{other.GetType().Name}: {other.Message}";
        }
    }

    private ModelCard Import(byte[] bytes) => Import(Write(bytes));

    private ModelCard Import(string path) =>
        ModelImport.Run(
            path,
            "a test",
            new ModelCatalogue(new ModelsOptions { Folder = _folder }),
            new ImportOptions("hostile", 64),
            TestContext.Current.CancellationToken
        );

    private string Write(byte[] bytes)
    {
        var path = Path.Combine(_folder, "file.pth");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
