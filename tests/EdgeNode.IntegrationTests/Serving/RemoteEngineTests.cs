using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FaceLandmark.Inference;
using FaceLandmark.Inference.Remote;
using FaceLandmark.OpenInference;
using FaceLandmark.Preprocess;
using FaceLandmark.Serving;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaceLandmark.Tests.Serving;

/// <summary>The engine <c>remote</c> with servers that are well, wrong or away.</summary>
public sealed class RemoteEngineTests
{
    private static readonly TimeSpan s_patient = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_stock_server_is_sent_raw_FP32_tensors_and_its_typed_answer_is_taken()
    {
        await using var server = new OddServer();
        await server.StartAsync();
        using var engine = Open(server.Url);
        Assert.Equal(
            ("remote", $"triton 2.50 at {server.Url}", "triton 2.50", false, "stub"),
            (engine.Info.Name, engine.Info.Runtime, engine.Info.Device.Name, engine.Info.Device.Emulated, engine.Info.Model.Name)
        );
        using var tensor = new FaceTensor(32, 98);
        tensor.Input.Fill(0.5f);
        engine.Run(tensor);
        Assert.All(tensor.Output.ToArray(), value => Assert.Equal(0.5f, value));
        Assert.Equal(2, tensor.Presence);
        var request = Assert.Single(server.Requests);
        Assert.Equal(("FP32", "1x3x32x32"), (request.Inputs[0].Datatype, Datatype.Shape(request.Inputs[0].Shape)));
        Assert.Null(request.Inputs[0].Contents);
        Assert.Equal(Requests.Bytes, Assert.Single(request.RawInputContents).Length);
        Assert.Equal(["landmarks", "presence"], request.Outputs.Select(output => output.Name));
    }

    [Fact]
    public async Task A_server_of_FP16_gets_FP16_and_may_answer_in_it()
    {
        await using var server = new OddServer
        {
            Metadata = metadata =>
            {
                metadata.Inputs[0].Datatype = metadata.Outputs[0].Datatype = "FP16";
                metadata.Outputs.RemoveAt(1);
            },
            Answer = answer =>
            {
                answer.Outputs.RemoveAt(0);
                (answer.Outputs[0].Datatype, answer.Outputs[0].Contents) = ("FP16", null);
                var half = BitConverter.GetBytes((Half)0.25f);
                answer.RawOutputContents.Add(ByteString.CopyFrom([.. Enumerable.Repeat(half, 196).SelectMany(bytes => bytes)]));
            },
        };
        await server.StartAsync();
        using var engine = Open(server.Url, new RemoteOptions { Encoding = RemoteEncoding.Fp16, Model = "face" });
        using var tensor = new FaceTensor(32, 98);
        engine.Run(tensor);
        Assert.All(tensor.Output.ToArray(), value => Assert.Equal(0.25f, value));
        Assert.True(float.IsNaN(tensor.Presence));
        Assert.Equal((Requests.Bytes / 2, "face"), (server.Requests[0].RawInputContents[0].Length, server.Requests[0].ModelName));
    }

    public static TheoryData<string, string> WrongAnswers =>
        new()
        {
            { "other", "it answers the request '99', and not '1'." },
            { "half", "its output landmarks is missing or is not 196 numbers of FP32 or FP16." },
            { "nothing", "its output landmarks is missing or is not 196 numbers of FP32 or FP16." },
            { "raw half", "its output landmarks is missing or is not 196 numbers of FP32 or FP16." },
            { "presence", "its output presence is missing or is not one number of FP32 or FP16." },
        };

    [Theory]
    [MemberData(nameof(WrongAnswers))]
    public async Task A_wrong_answer_is_a_fault_of_that_frame(string kind, string sentence)
    {
        await using var server = new OddServer { Answer = answer => Spoil(answer, kind) };
        await server.StartAsync();
        using var engine = Open(server.Url);
        using var tensor = new FaceTensor(32, 98);
        var fault = await Assert.ThrowsAsync<EngineException>(() => engine.RunAsync(tensor));
        Assert.StartsWith($"The inference server {server.Url} gave a wrong answer: ", fault.Message, StringComparison.Ordinal);
        Assert.EndsWith(sentence, fault.Message, StringComparison.Ordinal);
        server.Answer = _ => { };
        engine.Run(tensor);
    }

    [Fact]
    public async Task Another_model_is_told_at_the_start_with_what_differs()
    {
        await using var server = new OddServer { Metadata = metadata => metadata.Inputs[0].Shape[3] = 64 };
        await server.StartAsync();
        var fault = Assert.Throws<EngineException>(() => Open(server.Url)).Message;
        Assert.Equal(
            $"The model stub of the inference server {server.Url} takes input0 FP32 -1x3x32x64 and gives landmarks FP32 -1x98x2, presence "
                + "FP32 -1x1, but this node sends FP32 1x3x32x32 and expects FP32 or FP16 1x98x2: set Engines:Remote:Model and "
                + "Engines:Remote:Encoding to what the server has, or Models:Default to the model that it serves.",
            fault
        );
    }

    [Fact]
    public async Task A_model_that_is_not_there_and_a_token_that_is_refused_are_sentences()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "old\n", TestContext.Current.CancellationToken);
        await using var server = await TestServer.StartAsync(options: new ServeOptions { TokenFile = file });
        Assert.Equal(
            $"The inference server {server.GrpcUrl} refuses this node ({ServeToken.Refusal[..^1]}): put its token into the file of "
                + "Engines:Remote:TokenFile.",
            Assert.Throws<EngineException>(() => Open(server.GrpcUrl)).Message
        );
        Assert.Equal(
            $"The inference server {server.GrpcUrl} does not know the model other (There is no model 'other' here, but stub, stub-fp16, "
                + "stub-raw8, stub-jpeg): correct Engines:Remote:Model, or load it there.",
            Assert.Throws<EngineException>(() => Open(server.GrpcUrl, new RemoteOptions { Model = "other", TokenFile = file })).Message
        );
        using var engine = Open(server.GrpcUrl, new RemoteOptions { TokenFile = file });
        File.Delete(file);
    }

    [Fact]
    public void A_server_that_is_not_there_is_a_sentence()
    {
        var url = $"http://127.0.0.1:{Ports.Free()}";
        Assert.Equal(
            $"The inference server {url} cannot be reached (Connection refused): start it, or correct Engines:Remote:Url.",
            Assert.Throws<EngineException>(() => Open(url)).Message
        );
    }

    [Fact]
    public void A_server_that_accepts_and_never_answers_is_a_sentence()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        var fault = Assert.Throws<EngineException>(() => Open(url, new RemoteOptions { Deadline = TimeSpan.FromMilliseconds(200) }));
        Assert.Equal($"The inference server {url} gave no answer within 0.2 s (Engines:Remote:Deadline).", fault.Message);
    }

    [Fact]
    public async Task A_certificate_is_verified_and_so_is_the_name_in_it()
    {
        var folder = Directory.CreateTempSubdirectory("facelandmark-").FullName;
        var (certificate, key) = (Path.Combine(folder, "server.crt"), Path.Combine(folder, "server.key"));
        using (var secret = ECDsa.Create(ECCurve.NamedCurves.nistP256))
        {
            var request = new CertificateRequest("CN=inference", secret, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("inference.example");
            request.CertificateExtensions.Add(names.Build());
            using var signed = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            await File.WriteAllTextAsync(certificate, signed.ExportCertificatePem(), TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(key, secret.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        }

        await using var server = await TestServer.StartAsync(options: new ServeOptions { CertificateFile = certificate, KeyFile = key });
        var url = $"https://127.0.0.1:{server.Options.GrpcPort}";
        RemoteOptions Tls(string authority, string name) => new() { Tls = new RemoteTlsOptions { CaFile = authority, ServerName = name } };
        foreach (var refused in new[] { Tls("", "inference.example"), Tls(certificate, "other.example") })
        {
            var fault = Assert.Throws<EngineException>(() => Open(url, refused)).Message;
            Assert.StartsWith($"The certificate of the inference server {url} is not accepted (", fault, StringComparison.Ordinal);
            Assert.EndsWith(
                "): set Engines:Remote:Tls:CaFile to its authority, and Engines:Remote:Tls:ServerName to the name in it.",
                fault,
                StringComparison.Ordinal
            );
        }

        using var engine = Open(url, Tls(certificate, "inference.example"));
        using var tensor = new FaceTensor(32, 98);
        engine.Run(tensor);
        Assert.Equal(0.5f, tensor.Output[0]);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>
    /// As many servers as there are requests in flight all compute at the same moment: none of them would go on if one had no request. That
    /// is what makes a fixed cost shrink in proportion to their number.
    /// </summary>
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task All_servers_are_at_work_at_the_same_time(int count)
    {
        using var all = new Barrier(count);
        var isLoaded = false;
        var servers = new List<TestServer>();
        for (var i = 0; i < count; i++)
            servers.Add(
                await TestServer.StartAsync(tensor =>
                {
                    if (Volatile.Read(ref isLoaded) && !all.SignalAndWait(Patience.Limit))
                        throw new EngineException("the others are not at work");
                    tensor.Output.Fill(0.5f);
                })
            );
        Volatile.Write(ref isLoaded, true);
        var engine = Open(string.Join(',', servers.Select(server => server.GrpcUrl)), new RemoteOptions { InFlight = count });
        using (var network = new LandmarkNetwork(engine.Preprocessor, engine))
        {
            var tensors = Enumerable.Range(0, 20 * count).Select(_ => new FaceTensor(32, 98)).ToList();
            await Task.WhenAll(tensors.Select(network.RunAsync)).InTimeAsync();
            tensors.ForEach(tensor => tensor.Dispose());
        }

        Assert.All(servers, server => Assert.Equal(20, server.Figures.Requests));
        foreach (var server in servers)
            await server.DisposeAsync();
    }

    private static void Spoil(ModelInferResponse answer, string kind)
    {
        switch (kind)
        {
            case "other":
                answer.Id = "99";
                break;
            case "half":
                answer.Outputs[1].Contents.Fp32Contents.RemoveAt(0);
                break;
            case "nothing":
                answer.Outputs.Clear();
                break;
            case "raw half":
                answer.RawOutputContents.Add(ByteString.CopyFrom(new byte[4]));
                break;
            default:
                answer.Outputs[0].Datatype = "INT64";
                answer.Outputs[0].Contents = null;
                break;
        }
    }

    private static RemoteEngine Open(string url, RemoteOptions? options = null)
    {
        options ??= new RemoteOptions();
        var deadline = options.Deadline == new RemoteOptions().Deadline ? s_patient : options.Deadline;
        return new RemoteEngine(
            StubNetwork.Card("stub"),
            options with
            {
                Url = url,
                Deadline = deadline,
            },
            TimeProvider.System,
            NullLogger.Instance
        );
    }
}
