using System.Text.Json;
using FaceLandmark.Configuration;
using FaceLandmark.Platform;
using FaceLandmark.Publish;

namespace FaceLandmark.Setup;

/// <summary>Answers out of a JSON file, for a set-up without a terminal. Every question needs one; <c>keep</c> is one, too.</summary>
internal sealed class SetupAnswersFile
{
    private const string Keep = "keep";
    private const int MostBytes = 1 << 20;

    private static readonly (string Name, string Answer)[] s_questions =
    [
        ("node", "a name, empty for the name of the host, or keep"),
        ("camera", "a device, an address, a file, demo, or keep"),
        ("broker", "embedded, keep, or an object with host, port, tls, caFile, user, password or passwordFile"),
        ("previews", "auto, on, off, or keep"),
        ("privacy", "on, blur, points, off, or keep"),
    ];

    private static readonly string[] s_brokerKeys = ["host", "port", "tls", "caFile", "user", "password", "passwordFile"];

    private readonly List<string> _errors = [];
    private readonly string _path;
    private readonly SetupDraft _draft;

    private SetupAnswersFile(string path, SetupDraft draft) => (_path, _draft) = (path, draft);

    /// <summary>Reads it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="draft">What there is now.</param>
    /// <returns>The draft with the answers; and whether the service is to be restarted.</returns>
    /// <exception cref="ConfigurationException">It cannot be read, a question has no answer, or an answer is not valid; all of it at
    /// once.</exception>
    public static (SetupDraft Draft, bool RestartsService) Read(string path, SetupDraft draft)
    {
        var file = new SetupAnswersFile(path, draft);
        try
        {
            var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
            using var json = JsonDocument.Parse(RegularFile.ReadAll(path, MostBytes), options);
            return file.Read(json.RootElement);
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new ConfigurationException([$"The file of answers '{path}' cannot be read: {reason.Message}"]);
        }
    }

    private (SetupDraft Draft, bool RestartsService) Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new ConfigurationException([$"'{_path}' must hold one JSON object with an answer to each question."]);
        var names = s_questions.Select(question => question.Name).Append("service").ToList();
        foreach (var property in root.EnumerateObject().Where(property => !names.Contains(property.Name)))
            _errors.Add($"'{PublicText.Shown(property.Name)}' in '{_path}' is not a question: these are {string.Join(", ", names)}.");
        foreach (var (name, answer) in s_questions.Where(question => !root.TryGetProperty(question.Name, out _)))
            _errors.Add($"'{_path}' does not answer '{name}': {answer}.");
        var answers = _draft.Answers;
        if (Text(root, "node") is { } node and not Keep)
            answers = answers with { Node = answers.Node with { Name = node } };
        if (Text(root, "camera") is { } camera and not Keep)
            answers = answers with
            {
                Cameras = [answers.Cameras[0] with { Source = SetupChecks.Absolute(camera) }, .. answers.Cameras.Skip(1)],
            };
        if (root.TryGetProperty("broker", out var broker))
            answers = Broker(answers, broker);
        if (Choice(root, "previews", "auto", "on", "off") is { } previews and not Keep)
            answers = answers with { Preview = answers.Preview with { Enabled = previews == "auto" ? null : previews == "on" } };
        if (Choice(root, "privacy", "on", "blur", "points", "off") is { } privacy and not Keep)
            answers = answers with { Privacy = new PrivacyOptions { Preview = Enum.Parse<PicturePrivacy>(privacy, ignoreCase: true) } };
        var restarts = Choice(root, "service", "restart", "leave") == "restart";
        var draft = _draft with { Answers = answers };
        if (_errors.Count == 0)
            _errors.AddRange(draft.Errors);
        return _errors.Count == 0 ? (draft, restarts) : throw new ConfigurationException(_errors);
    }

    private EdgeNodeOptions Broker(EdgeNodeOptions answers, JsonElement broker)
    {
        if (broker.ValueKind == JsonValueKind.String && broker.GetString() is "embedded" or Keep)
            return broker.GetString() == Keep ? answers : answers with { Mqtt = SetupBroker.Embedded(answers.Mqtt) };
        if (broker.ValueKind != JsonValueKind.Object)
        {
            _errors.Add($"'broker' in '{_path}' must be {s_questions[2].Answer}.");
            return answers;
        }

        foreach (var property in broker.EnumerateObject().Where(property => !s_brokerKeys.Contains(property.Name)))
            _errors.Add(
                $"'{PublicText.Shown(property.Name)}' of 'broker' in '{_path}' is not known: it has {string.Join(", ", s_brokerKeys)}."
            );
        var (host, user, caFile) = (Text(broker, "host"), Text(broker, "user") ?? "", Text(broker, "caFile") ?? "");
        if (string.IsNullOrEmpty(host))
            _errors.Add($"'broker' in '{_path}' has no 'host': the name or address of the broker.");
        var tls = broker.TryGetProperty("tls", out var encrypts) && encrypts.ValueKind == JsonValueKind.True;
        if (encrypts.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.True or JsonValueKind.False))
            _errors.Add($"'tls' of 'broker' in '{_path}' must be true or false.");
        var port = SetupBroker.UsualPort(tls);
        if (broker.TryGetProperty("port", out var number) && !(number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out port)))
            _errors.Add($"'port' of 'broker' in '{_path}' must be a number from 1 to 65535.");
        var (password, passwordFile) = (Text(broker, "password") ?? "", Text(broker, "passwordFile") ?? "");
        if (user.Length > 0 && password.Length == 0 && passwordFile.Length == 0)
            _errors.Add($"'broker' in '{_path}' has a 'user', and so needs 'password' or 'passwordFile'.");
        var mqtt = SetupBroker.At(answers.Mqtt, host ?? "", port, tls, caFile);
        return answers with { Mqtt = SetupBroker.As(mqtt, user, password, passwordFile) };
    }

    private string? Choice(JsonElement root, string name, params string[] choices)
    {
        var text = Text(root, name);
        if (text is null or Keep || choices.Contains(text))
            return text;
        _errors.Add($"'{name}' in '{_path}' is '{PublicText.Shown(text)}', but must be {string.Join(", ", choices)} or {Keep}.");
        return null;
    }

    private string? Text(JsonElement holder, string name)
    {
        if (!holder.TryGetProperty(name, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.String)
            return value.GetString();
        _errors.Add($"'{name}' in '{_path}' must be a text in quotation marks.");
        return null;
    }
}
