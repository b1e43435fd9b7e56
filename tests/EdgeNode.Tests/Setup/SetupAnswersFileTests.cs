using FaceLandmark.Configuration;
using FaceLandmark.Mqtt;
using FaceLandmark.Publish;
using FaceLandmark.Setup;

namespace FaceLandmark.Tests.Setup;

public sealed class SetupAnswersFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("answers-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Answers_become_settings()
    {
        var (draft, restarts) = Read(
            """
            {
              "node": "node7", // a comment
              "camera": "rtsp://cam.lan/1",
              "broker": { "host": "broker.lan", "tls": true, "user": "node7", "password": "s3cret" },
              "previews": "off",
              "privacy": "blur",
              "service": "restart",
            }
            """
        );
        Assert.True(restarts);
        Assert.Equal("s3cret", draft.NewPassword);
        Assert.Equal(
            [
                "Node:Name \"\" \"node7\"",
                "Cameras:0:Source \"demo\" \"rtsp://cam.lan/1\"",
                "Mqtt:Host \"\" \"broker.lan\"",
                "Mqtt:Port 1883 8883",
                "Mqtt:Tls:Enabled false true",
                "Mqtt:User \"\" \"node7\"",
                $"Mqtt:PasswordFile \"\" \"{_folder}/mqtt.password\"",
                "Preview:Enabled \"auto\" false",
                "Privacy:Preview \"on\" \"blur\"",
            ],
            draft.Changes.Select(change => $"{change.Key} {change.Before} {change.After}")
        );
    }

    [Fact]
    public void The_answers_of_the_documentation_can_be_used()
    {
        var page = Repository.Read("docs/configuration.md");
        var from = page.IndexOf("```json\n", page.IndexOf("## configure", StringComparison.Ordinal), StringComparison.Ordinal) + 8;
        var (draft, restarts) = Read(page[from..page.IndexOf("```", from, StringComparison.Ordinal)]);
        Assert.True(restarts);
        Assert.Equal(("node7", "secret"), (draft.After.Node.Name, draft.NewPassword));
    }

    [Fact]
    public void Keep_keeps_and_embedded_takes_the_account_with_it()
    {
        var before = new EdgeNodeOptions
        {
            Cameras = [new() { Source = "/dev/video3" }],
            Mqtt = new MqttOptions
            {
                Host = "broker.lan",
                Port = 8884,
                Failover = "broker2.lan",
                User = "u",
                Password = "p",
                Transport = MqttTransport.WebSocket,
                Tls = new MqttTlsOptions { Enabled = true },
            },
            Privacy = new PrivacyOptions { Preview = PicturePrivacy.Points },
        };
        var kept = Read("""{"node":"keep","camera":"keep","broker":"keep","previews":"keep","privacy":"keep"}""", before).Draft;
        Assert.Empty(kept.Changes);
        Assert.Null(kept.NewPassword);
        var own = Read("""{"node":"keep","camera":"keep","broker":"embedded","previews":"auto","privacy":"keep"}""", before).Draft;
        Assert.Equal(
            ["Mqtt:Host", "Mqtt:Port", "Mqtt:Failover", "Mqtt:Transport", "Mqtt:Tls:Enabled", "Mqtt:User", "Mqtt:Password"],
            own.Changes.Select(change => change.Key)
        );
        Assert.Equal(("", 1883, MqttTransport.Tcp), (own.After.Mqtt.Host, own.After.Mqtt.Port, own.After.Mqtt.Transport));
        Assert.Equal("***", SetupDraft.Shown("Mqtt:Password", own.Changes[^1].Before));
    }

    [Theory]
    [InlineData("{ \"node\": ", "cannot be read: ")]
    [InlineData("[]", "must hold one JSON object")]
    [InlineData("{\"broker\":\"keep\"}", "does not answer 'node'", "does not answer 'camera'", "'previews'", "'privacy'")]
    [InlineData("{FULL,\"camra\":1}", "'camra' in 'ANSWERS' is not a question: these are node, camera, broker, ")]
    [InlineData("{FULL,\"privacy\":\"none\"}", "'privacy' in 'ANSWERS' is 'none', but must be on, blur, points, off or keep.")]
    [InlineData("{FULL,\"previews\":true}", "'previews' in 'ANSWERS' must be a text in quotation marks.")]
    [InlineData("{FULL,\"broker\":{\"port\":\"x\",\"tls\":1,\"wifi\":2}}", "has no 'host'", "'port'", "'tls'", "'wifi'")]
    [InlineData("{FULL,\"broker\":{\"host\":\"b\",\"user\":\"u\"}}", "needs 'password' or 'passwordFile'")]
    [InlineData("{FULL,\"broker\":{\"host\":\"mqtt://b\"}}", "Mqtt:Host is a URL")]
    [InlineData("{FULL,\"broker\":3}", "'broker' in 'ANSWERS' must be embedded, keep, or an object")]
    [InlineData("{FULL,\"node\":\"a/b\"}", "Node:Name is 'a/b', but must be")]
    public void What_is_wrong_is_a_sentence(string answers, params string[] sentences)
    {
        var errors = Assert
            .Throws<ConfigurationException>(() =>
                Read(
                    answers.Replace(
                        "FULL",
                        "\"node\":\"keep\",\"camera\":\"keep\",\"broker\":\"keep\",\"previews\":\"keep\",\"privacy\":\"keep\"",
                        StringComparison.Ordinal
                    )
                )
            )
            .Errors;
        Assert.Equal(sentences.Length, errors.Count);
        foreach (var sentence in sentences)
            Assert.Contains(
                errors,
                any => any.Contains(sentence.Replace("ANSWERS", Answers, StringComparison.Ordinal), StringComparison.Ordinal)
            );
    }

    [Fact]
    public void A_file_that_is_not_there_is_a_sentence() =>
        Assert.Contains(
            "is missing",
            Assert
                .Throws<ConfigurationException>(() => SetupAnswersFile.Read(Answers, new SetupDraft(Settings, new EdgeNodeOptions())))
                .Message,
            StringComparison.Ordinal
        );

    private string Answers => Path.Combine(_folder, "answers.json");

    private string Settings => Path.Combine(_folder, "appsettings.json");

    private (SetupDraft Draft, bool RestartsService) Read(string answers, EdgeNodeOptions? before = null)
    {
        File.WriteAllText(Answers, answers);
        return SetupAnswersFile.Read(Answers, new SetupDraft(Settings, before ?? new EdgeNodeOptions { Cameras = [new()] }));
    }
}
