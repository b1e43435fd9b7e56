using System.Globalization;
using FaceLandmark.Capture;
using FaceLandmark.Mqtt;
using FaceLandmark.Platform;
using FaceLandmark.Publish;
using FaceLandmark.Setup;

namespace FaceLandmark.CommandLine;

/// <summary>What a newcomer decides, question by question; each answer is tested at once.</summary>
/// <param name="questions">The terminal.</param>
/// <param name="stop">Ends tests that take long.</param>
internal sealed class ConfigureDialogue(Questions questions, CancellationToken stop)
{
    private static readonly string[] s_previews =
    [
        "auto: while the broker is the node's own, which only this machine reaches",
        "on: pictures go to the broker, and everybody who may subscribe there sees them",
        "off: landmarks only",
    ];

    private static readonly string[] s_privacy =
    [
        "on: pictures as they are",
        "blur: every face that was found is blurred",
        "points: the points of the faces on black",
        "off: no picture leaves the node, whatever is asked of it",
    ];

    private static readonly PicturePrivacy[] s_privacyOrder =
    [
        PicturePrivacy.On,
        PicturePrivacy.Blur,
        PicturePrivacy.Points,
        PicturePrivacy.Off,
    ];

    /// <summary>Asks everything.</summary>
    /// <returns>The draft with the answers.</returns>
    public async Task<SetupDraft> AskAsync(SetupDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        draft = await TestedAsync(draft, "The node's name", AskNameAsync, null);
        draft = await TestedAsync(draft, "The camera", AskCameraAsync, SetupChecks.CameraAsync);
        draft = await TestedAsync(draft, "The broker", AskBrokerAsync, SetupChecks.BrokerAsync);
        questions.Title("Pictures over MQTT (previews)");
        var isOn = draft.Answers.Preview.Enabled;
        var preset =
            isOn is null ? 0
            : isOn.Value ? 1
            : 2;
        var chosen = await questions.ChooseAsync("Which?", s_previews, preset);
        draft = draft with
        {
            Answers = draft.Answers with { Preview = draft.Answers.Preview with { Enabled = chosen == 0 ? null : chosen == 1 } },
        };
        questions.Title("Privacy: what pictures may show; no command over MQTT changes this");
        chosen = await questions.ChooseAsync("Which?", s_privacy, Array.IndexOf(s_privacyOrder, draft.Answers.Privacy.Preview));
        return draft with { Answers = draft.Answers with { Privacy = new PrivacyOptions { Preview = s_privacyOrder[chosen] } } };
    }

    // Asks, tests, and where the test fails lets the person go on with the answer, change it, or keep what was set.
    private async Task<SetupDraft> TestedAsync(
        SetupDraft before,
        string title,
        Func<SetupDraft, Task<SetupDraft>> ask,
        Func<SetupDraft, CancellationToken, Task<(bool IsFine, string Sentence)>>? test
    )
    {
        questions.Title(title);
        var asked = before;
        while (true)
        {
            asked = await ask(asked);
            var (isFine, sentence) = (asked.Errors.Count == 0, string.Join(' ', asked.Errors));
            if (isFine && test is null)
                return asked;
            if (isFine)
            {
                questions.Say("Testing ...");
                (isFine, sentence) = await test!(asked, stop);
            }

            questions.Say(sentence);
            if (isFine)
                return asked;
            // A node refuses settings that are not valid, so nobody can go on with those.
            List<string> ways = ["change the answer", "keep what was set before"];
            if (asked.Errors.Count == 0)
                ways.Add("go on with it all the same");
            switch (await questions.ChooseAsync("What now?", ways, 0))
            {
                case 1:
                    return before;
                case 2:
                    return asked;
            }
        }
    }

    private async Task<SetupDraft> AskNameAsync(SetupDraft draft)
    {
        questions.Say("It is a part of every topic: facelandmark/NAME/...");
        var own = draft.Answers.Node.Name;
        var name = await questions.AskAsync("Name", own.Length > 0 ? own : Environment.MachineName);
        // The name of the host needs no setting.
        var isHosts = own.Length == 0 && name == Environment.MachineName;
        return draft with { Answers = draft.Answers with { Node = draft.Answers.Node with { Name = isHosts ? "" : name } } };
    }

    private async Task<SetupDraft> AskCameraAsync(SetupDraft draft)
    {
        var cameras = draft.Answers.Cameras;
        var now = cameras[0].Source;
        if (cameras.Count > 1)
            questions.Say($"The settings have {cameras.Count} cameras; this is about the first one, '{cameras[0].Name}'.");
        var (found, troubles) = AttachedCameras.Find();
        if (found.Count == 0)
            questions.Say("There is no camera at this machine.");
        foreach (var trouble in found.Count == 0 ? troubles : [])
            questions.Say(trouble);
        List<(string Line, string? Source)> choices =
        [
            ($"keep: {PublicText.Address(now)}", now),
            .. found.Select(camera => ($"{camera.Path} ({camera.Card}: {string.Join("; ", camera.Offers)})", (string?)camera.Path)),
            ("a network camera or another stream (rtsp://..., http://...)", null),
            ("a video file, a picture, or a folder of pictures", null),
            ("the demo: photographs that came with the program", "demo"),
        ];
        // Who has set nothing yet and has a camera most likely means the camera.
        var preset = now == "demo" && found.Count > 0 ? 1 : 0;
        var chosen = await questions.ChooseAsync("Which camera?", [.. choices.Select(choice => choice.Line)], preset);
        var source = choices[chosen].Source ?? await questions.AskAsync("Address or file", "", Missing);
        return draft with
        {
            Answers = draft.Answers with { Cameras = [cameras[0] with { Source = SetupChecks.Absolute(source) }, .. cameras.Skip(1)] },
        };
    }

    private async Task<SetupDraft> AskBrokerAsync(SetupDraft draft)
    {
        var mqtt = draft.Answers.Mqtt;
        string[] choices = ["the node's own, for programs on this machine", "another broker"];
        if (await questions.ChooseAsync("Which broker?", choices, mqtt.Host.Length == 0 ? 0 : 1) == 0)
            return draft with { Answers = draft.Answers with { Mqtt = SetupBroker.Embedded(mqtt) } };
        var host = await questions.AskAsync(
            "Name or address of the broker",
            mqtt.Host,
            text => Missing(text) ?? BrokerAddress.Advice(text)
        );
        var tls = await questions.ConfirmAsync("Encrypted (TLS)?", mqtt.Tls.Enabled);
        var usual = mqtt.Host.Length > 0 && mqtt.Tls.Enabled == tls ? mqtt.Port : SetupBroker.UsualPort(tls);
        var port = await questions.AskAsync(
            "Port",
            usual.ToString(CultureInfo.InvariantCulture),
            text => PortOf(text) is null ? "Give a number from 1 to 65535." : null
        );
        var caFile = tls
            ? await questions.AskAsync(
                "File of the authority that signed the broker's certificate, - for those that the system trusts",
                mqtt.Tls.CaFile.Length > 0 ? mqtt.Tls.CaFile : "-",
                text => text == "-" || File.Exists(text) ? null : $"There is no file '{text}'."
            )
            : "-";
        var user = await questions.AskAsync("User, - for none", mqtt.User.Length > 0 ? mqtt.User : "-");
        mqtt = SetupBroker.At(mqtt, host, PortOf(port)!.Value, tls, caFile == "-" ? "" : caFile);
        return draft with { Answers = draft.Answers with { Mqtt = await AskPasswordAsync(mqtt, user == "-" ? "" : user) } };
    }

    private async Task<MqttOptions> AskPasswordAsync(MqttOptions mqtt, string user)
    {
        if (user.Length == 0)
            return SetupBroker.As(mqtt, "", "", "");
        var hasOne = user == mqtt.User && (mqtt.Password.Length > 0 || mqtt.PasswordFile.Length > 0);
        var password = await questions.AskSecretAsync(
            hasOne ? "Password, not shown; empty for the one that is set" : "Password, not shown"
        );
        return password.Length == 0 && hasOne ? mqtt with { User = user } : SetupBroker.As(mqtt, user, password, "");
    }

    private static int? PortOf(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0 ? port : null;

    private static string? Missing(string text) => text.Length == 0 ? "This needs an answer; Ctrl-C leaves everything as it was." : null;
}
