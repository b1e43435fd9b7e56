using System.Text;
using FaceLandmark.Capture;
using FaceLandmark.Configuration;
using FaceLandmark.Control;
using FaceLandmark.Inference.Tvm;
using FaceLandmark.Models;
using FaceLandmark.Models.Evaluation;
using FaceLandmark.Models.Import;
using FaceLandmark.OnnxFiles;
using FaceLandmark.Plots;
using FaceLandmark.Recordings;
using FaceLandmark.Tests.Inference;
using FaceLandmark.Tests.Inference.Tvm;
using FaceLandmark.Tests.Models;
using FaceLandmark.Tests.Plots;
using OpenCvSharp;

namespace FaceLandmark.Tests.Fuzz;

/// <summary>
/// What comes from outside in files, settings and commands is read or refused with a sentence, and never ends in another fault
/// (<see cref="NearlyRight"/>).
/// </summary>
[Trait("Category", "reliability")]
public sealed class FuzzTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fuzz-").FullName;

    private string FilePath => Path.Combine(_folder, "file");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Configuration_files() =>
        NearlyRight.Refuse(
            [
                File.ReadAllBytes(Path.Combine(Repository.Root, "appsettings.json")),
                """{"Mqtt":{"Port":1883,"KeepAlive":"15s"}}"""u8.ToArray(),
            ],
            file =>
            {
                File.WriteAllBytes(FilePath, file);
                new ConfigurationSources(FilePath).Load();
            }
        );

    [Fact]
    public void Settings_of_the_command_line() =>
        NearlyRight.Refuse(
            [.. ((string[])["15s", "00:00:05", "1e3", "true", "auto", "balance", "-1", "[1,2]"]).Select(Encoding.UTF8.GetBytes)],
            value =>
            {
                var text = Encoding.UTF8.GetString(value);
                string[] keys = ["Mqtt:KeepAlive", "Mqtt:Port", "Dispatch:Mode", "Preview:Enabled", "Locate:MinScore", "Node:Name"];
                var key = keys[value.Length % keys.Length];
                new ConfigurationSources(Settings: new Dictionary<string, string?> { [key] = text }).Load();
            }
        );

    [Fact]
    public void Commands() =>
        NearlyRight.Refuse(
            ["""{"transaction":"t","camera":"cam0","rate":5.5,"quality":80,"enabled":true}"""u8.ToArray(), "{}"u8.ToArray()],
            payload =>
            {
                using var json = CommandDesk.Parse(payload);
                var arguments = new CommandArguments(json?.RootElement ?? default);
                NearlyRight.Try(() => arguments.Text("camera"));
                NearlyRight.Try(() => arguments.Number("rate", 0.1, 60));
                NearlyRight.Try(() => arguments.Whole("quality", 1, 100));
                NearlyRight.Try(() => arguments.Flag("enabled"));
                NearlyRight.Try(() => arguments.ThrowIfUnknown());
            }
        );

    [Fact]
    public void Recordings()
    {
        var lines = new RecordedLines()
            .Bytes(0.1, "facelandmark/n/status", "online"u8)
            .Frame(0.2, 1, RecordedLines.Face(1))
            .Frame(0.3, 2, RecordedLines.Face(1, yaw: 40))
            .Bytes(0.4, "facelandmark/n/cameras/b/landmarks", [0xBF, 0x63, .. "seq"u8, 0x01, 0x65, .. "faces"u8, 0x80, 0xFF])
            .Event(0.5, "blink", 1, 0.2)
            .Gap(0.6, 0.5)
            .Missing(0.7, 3);
        NearlyRight.Refuse(
            [
                Encoding.UTF8.GetBytes(string.Join('\n', lines.Lines)),
                """{"schema":"facelandmark/landmarks/1","node":"n","camera":"a","monotonicNs":1000000,"faces":[]}"""u8.ToArray(),
                Encoding.UTF8.GetBytes(FilmRows.Beginning + "pose_Ry,pose_Rz\n1,1,0.033,0.9,1,0.1,0.2,0.3\n2,1,0.066,0.9,1,0.1,0.2,0.3\n"),
            ],
            file =>
            {
                File.WriteAllBytes(FilePath, file);
                NearlyRight.Try(() => new PlotFiles([FilePath], "facelandmark").Read(new RecordingSurvey(), CancellationToken.None));
                var sequences = new SequenceWatch();
                foreach (var message in new RecordingReader(FilePath, "facelandmark").Messages())
                    sequences.MissingBefore(message.Topic, message.Payload.Span);
            }
        );
    }

    [Fact]
    public void Lists_of_annotated_faces()
    {
        var line = string.Join(' ', Enumerable.Range(0, 196).Select(i => $"{i}.5")) + " 10 20 200 210 0 0 1 0 0 1 a/b.jpg\n";
        NearlyRight.Refuse(
            [Encoding.UTF8.GetBytes(line + line), Encoding.UTF8.GetBytes("# a line\n" + line)],
            file =>
            {
                File.WriteAllBytes(FilePath, file);
                WflwList.Read(FilePath);
            }
        );
        var points = "version: 1\nn_points: 68\n{\n" + string.Concat(Enumerable.Range(0, 68).Select(i => $"{i}.25 {i}\n")) + "}\n";
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "points")).FullName;
        File.WriteAllBytes(Path.Combine(folder, "a.png"), []);
        NearlyRight.Refuse(
            [Encoding.UTF8.GetBytes(points)],
            file =>
            {
                File.WriteAllBytes(Path.Combine(folder, "a.pts"), file);
                PtsFolder.Read(folder);
            }
        );
    }

    [Fact]
    public void Picture_files()
    {
        using var picture = new Mat(33, 41, MatType.CV_8UC3, Scalar.All(90));
        using var pool = new FramePool();
        NearlyRight.Refuse(
            [.. ((string[])[".jpg", ".png", ".bmp", ".webp"]).Select(kind => picture.ToBytes(kind))],
            file =>
            {
                PictureHeader.Read(file);
                ExifOrientation.OfJpeg(file);
                ExifOrientation.OfPng(file);
                File.WriteAllBytes(FilePath, file);
                PictureFile.Decode(FilePath, pool).Dispose();
            }
        );
    }

    [Fact]
    public void Checkpoints() =>
        NearlyRight.Refuse(
            [
                new CheckpointWriter().Zip(new CheckpointWriter().Pickle()).ToArray(),
                [.. BitConverter.GetBytes(55L), .. "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}  "u8, .. new byte[8]],
            ],
            file =>
            {
                File.WriteAllBytes(FilePath, file);
                using var tensors = new TorchCheckpoint(FilePath);
                foreach (var name in tensors.Tensors.Keys)
                    tensors.Read(name);
            }
        );

    [Fact]
    public void Onnx_files()
    {
        new TinyOnnx(16, TinyOnnx.Circle(5)).Save(FilePath);
        NearlyRight.Refuse(
            [File.ReadAllBytes(FilePath)],
            file =>
            {
                File.WriteAllBytes(FilePath, file);
                OnnxModel.Read(FilePath);
            }
        );
    }

    [Fact]
    public void Model_cards() =>
        NearlyRight.Refuse(
            [File.ReadAllBytes(Path.Combine(Repository.Root, "models", "deeppose-resnet18.json"))],
            file =>
            {
                File.WriteAllBytes(Path.Combine(_folder, "card.json"), file);
                new ModelCatalogue(new ModelsOptions { Folder = _folder, Default = "card" }).Default();
            }
        );

    [Fact]
    public void Weights_and_graphs_of_TVM()
    {
        var parameters = TvmWeights.Of("p0", 1.5f);
        NearlyRight.Refuse(
            [parameters],
            file =>
            {
                File.WriteAllBytes(FilePath, file);
                TvmParameters.Read(FilePath);
            }
        );
        File.WriteAllBytes(FilePath, parameters);
        var weights = TvmParameters.Read(FilePath);
        NearlyRight.Refuse(
            [
                """
                {"nodes":[{"op":"null","name":"input0","inputs":[]},{"op":"null","name":"p0","inputs":[]},{"op":"tvm_op","name":"f",
                "attrs":{"func_name":"f","num_outputs":"1","num_inputs":"2","flatten_data":"0"},"inputs":[[0,0,0],[1,0,0]]}],
                "arg_nodes":[0,1],"heads":[[2,0,0]],"node_row_ptr":[0,1,2,3],"attrs":{"dltype":["list_str",["float32","float32","float32"]],
                "shape":["list_shape",[[1,3,256,256],[1],[1,98,2]]],"storage_id":["list_int",[0,1,2]]}}
                """u8.ToArray(),
            ],
            file =>
            {
                File.WriteAllBytes(FilePath, file);
                TvmGraph.Read(FilePath, weights);
            }
        );
    }
}
