using System.Net.Sockets;
using MQTTnet;
using MQTTnet.Adapter;
using MQTTnet.Exceptions;

namespace FaceLandmark.Mqtt;

/// <summary>Why there is no connection, in a sentence for people: what, where, what to do.</summary>
/// <param name="Sentence">The sentence.</param>
/// <param name="IsRefusal">The broker, or this node's own configuration, says no: trying again does not help.</param>
/// <param name="IsTakeOver">Another client of the same identifier took the connection over.</param>
/// <param name="IsExplained">The broker said why, or it is known: no message of this node's is to blame.</param>
internal sealed record LinkFault(string Sentence, bool IsRefusal = false, bool IsTakeOver = false, bool IsExplained = false)
{
    private const int TlsPort = 8883;

    /// <summary>Whether the broker is to be asked in another way, at once (see <see cref="BrokerDialect"/>).</summary>
    public bool AsksAnotherWay { get; init; }

    /// <summary>Whether it may be none: the broker is still to be asked in the version that it may know.</summary>
    public bool MayBeNone { get; init; }

    /// <summary>Whether the broker took the connection and closed it without an answer.</summary>
    public static bool IsHangUp(Exception failure) =>
        failure is MqttConnectingFailedException
        && failure.GetBaseException() is MqttCommunicationException or SocketException { SocketErrorCode: SocketError.ConnectionReset };

    /// <summary>The broker answered, and said no.</summary>
    /// <param name="code">Its code; one of MQTT 3.1.1 where the broker knows nothing newer.</param>
    /// <param name="reason">What it says besides.</param>
    /// <param name="broker">The broker.</param>
    /// <param name="isVersion5">Whether the node spoke MQTT 5 to it.</param>
    /// <param name="otherBroker">The broker that it sends its clients to.</param>
    public static LinkFault OfRefusal(
        MqttClientConnectResultCode code,
        string? reason,
        BrokerSettings broker,
        bool isVersion5 = true,
        string? otherBroker = null
    ) =>
        new(
            Meaning(code) switch
            {
                // RabbitMQ says the first of them where there is none.
                MqttClientConnectResultCode.BadUserNameOrPassword or MqttClientConnectResultCode.NotAuthorized
                    when broker.User.Length == 0 =>
                    $"The broker {broker.Address} requires a user name: "
                        + "set Mqtt:User and Mqtt:Password or Mqtt:PasswordFile.",
                MqttClientConnectResultCode.BadUserNameOrPassword =>
                    $"The broker {broker.Address} refuses the user name or password{As(broker)}: "
                        + "check Mqtt:User and Mqtt:Password or Mqtt:PasswordFile.",

                // Mosquitto says "not authorised" over MQTT 5 for a wrong password too.
                MqttClientConnectResultCode.NotAuthorized =>
                    $"The broker {broker.Address} refuses the user name or password{As(broker)}, or does not authorise it: "
                        + "check Mqtt:User, Mqtt:Password or Mqtt:PasswordFile, and the broker's accounts.",
                MqttClientConnectResultCode.ClientIdentifierNotValid =>
                    $"The broker {broker.Address} rejects the client identifier '{broker.ClientId}': "
                        + $"set Mqtt:ClientId to one it accepts{(isVersion5 ? "" : ", or Mqtt:KeepAlive to a time it accepts")}.",
                MqttClientConnectResultCode.UnsupportedProtocolVersion =>
                    $"The broker {broker.Address} does not speak MQTT "
                        + $"{(isVersion5 ? "5: set Mqtt:Version to auto or v311" : "3.1.1: set Mqtt:Version to auto or v5")}.",
                MqttClientConnectResultCode.UseAnotherServer or MqttClientConnectResultCode.ServerMoved =>
                    $"The broker {broker.Address} sends its clients to "
                        + $"{(string.IsNullOrEmpty(otherBroker) ? "another one, without naming it" : $"'{otherBroker}'")}: "
                        + "set Mqtt:Host and Mqtt:Port to that one if you trust it.",
                _ => $"The broker {broker.Address} refuses the connection ({Meaning(code)}{Because(reason)}): look into its log.",
            },
            IsRefusal: true
        );

    // The codes 1 to 5 are those of MQTT 3.1.1 (3.2.2.3), which an old broker gives to a question in MQTT 5, too.
    private static MqttClientConnectResultCode Meaning(MqttClientConnectResultCode code) =>
        (int)code switch
        {
            1 => MqttClientConnectResultCode.UnsupportedProtocolVersion,
            2 => MqttClientConnectResultCode.ClientIdentifierNotValid,
            3 => MqttClientConnectResultCode.ServerUnavailable,
            4 => MqttClientConnectResultCode.BadUserNameOrPassword,
            5 => MqttClientConnectResultCode.NotAuthorized,
            _ => code,
        };

    /// <summary>The connection was there and is gone.</summary>
    public static LinkFault OfLoss(MqttClientDisconnectedEventArgs args, BrokerSettings broker) =>
        args.Reason switch
        {
            MqttClientDisconnectReason.SessionTakenOver => new LinkFault(
                $"Another client with the identifier '{broker.ClientId}' connected to the broker {broker.Address} and took this node's "
                    + "place: give every node a Node:Name or Mqtt:ClientId of its own.",
                IsTakeOver: true,
                IsExplained: true
            ),
            MqttClientDisconnectReason.ServerShuttingDown => new LinkFault($"The broker {broker.Address} shut down.", IsExplained: true),
            MqttClientDisconnectReason.NormalDisconnection or MqttClientDisconnectReason.UnspecifiedError => new LinkFault(
                $"The connection to the broker {broker.Address} was lost."
            ),
            _ => new LinkFault(
                $"The broker {broker.Address} ended the connection ({args.Reason}{Because(args.ReasonString)}): look into its log."
            ),
        };

    /// <summary>The connection was there and soon gone, again and again.</summary>
    public static LinkFault OfBriefConnections(int inARow, BrokerSettings broker) =>
        new(
            $"The broker {broker.Address} closed the connection soon after it was made, {inARow} times in a row: "
                + $"probably another client has the identifier '{broker.ClientId}' too; "
                + "give every node a Node:Name or Mqtt:ClientId of its own.",
            IsTakeOver: true
        );

    /// <summary>The connection could not be made.</summary>
    public static LinkFault OfFailure(Exception failure, BrokerSettings broker) =>
        broker.CertificateProblem is { } problem
            ? new LinkFault($"The certificate of the broker {broker.Address} is refused: {problem}.", IsRefusal: true)
            : OfCause(failure, broker);

    private static LinkFault OfCause(Exception failure, BrokerSettings broker) =>
        failure.GetBaseException() switch
        {
            CredentialFileException file => new LinkFault(file.Message, IsRefusal: true),
            SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } => new LinkFault(
                $"The broker's name '{broker.Host}' cannot be resolved: check {Setting(broker, "Mqtt:Host")} and the network."
            ),
            SocketException { SocketErrorCode: SocketError.ConnectionRefused } => new LinkFault(
                $"Nothing listens on {broker.Address}: start the broker, or check {Setting(broker, "Mqtt:Host and Mqtt:Port")}."
            ),
            OperationCanceledException or TimeoutException or SocketException { SocketErrorCode: SocketError.TimedOut } => new LinkFault(
                $"The broker {broker.Address} does not answer: check {Setting(broker, "Mqtt:Host, Mqtt:Port")} and the network."
            ),
            SocketException
            {
                SocketErrorCode: SocketError.ConnectionReset
                    or SocketError.ConnectionAborted
                    or SocketError.NotConnected
                    or SocketError.Shutdown
            } reset when broker.UsesTls => OfTls(reset, broker),
            SocketException socket => new LinkFault(
                $"The broker {broker.Address} is unreachable ({socket.SocketErrorCode}): "
                    + $"check {Setting(broker, "Mqtt:Host, Mqtt:Port")} and the network."
            ),
            var cause when broker.UsesTls => OfTls(cause, broker),
            var cause when broker.Port == TlsPort => new LinkFault(
                $"The connection to {broker.Address} failed ({cause.Message}): port {TlsPort} is usually the one with TLS, "
                    + "so set Mqtt:Tls:Enabled to true."
            ),
            var cause => new LinkFault(
                $"The connection to {broker.Address} failed ({cause.Message}): check that an MQTT broker listens there{OrName(broker)}."
            ),
        };

    private static LinkFault OfTls(Exception cause, BrokerSettings broker) =>
        new(
            $"The encrypted connection to {broker.Address} failed ({cause.Message}): check that this port speaks TLS, "
                + "Mqtt:Tls:MinVersion, and that the broker accepts the certificate of Mqtt:Tls:CertificateFile."
        );

    // NATS before 2.10 ends the connection without an answer for a dot or a space in a topic, and the last will has one.
    private static string OrName(BrokerSettings broker) =>
        broker.WillTopic.AsSpan().IndexOfAny('.', ' ') < 0
            ? ""
            : $"; some, as NATS, take no dot and no space in '{broker.BaseTopic.TrimEnd('/')}': "
                + "set Node:Name and Mqtt:BaseTopic without them";

    private static string Setting(BrokerSettings broker, string first) => broker.IsFirst ? first : "Mqtt:Failover";

    private static string As(BrokerSettings broker) => broker.User.Length > 0 ? $" of '{broker.User}'" : "";

    private static string Because(string? reason) => string.IsNullOrEmpty(reason) ? "" : $", {reason}";
}
