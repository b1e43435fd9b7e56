namespace FaceLandmark.Tests.Brokers;

/// <summary>What a test of the MQTT suite needs of its broker and not every broker has.</summary>
internal enum BrokerAbility
{
    /// <summary>MQTT 5: content types, user properties, response topics.</summary>
    Version5,

    /// <summary>A refusal with a reason, which takes MQTT 5 and an access list.</summary>
    Refusals,

    /// <summary>Limits that a test can set and that the broker announces.</summary>
    AnnouncedLimits,

    /// <summary>A largest message that a test can set, whether it is announced or not.</summary>
    LargestMessage,

    /// <summary>Accounts with passwords.</summary>
    Accounts,

    /// <summary>A process of its own, which can hang while the node goes on.</summary>
    OwnProcess,

    /// <summary>Retained messages for who subscribes with a wildcard.</summary>
    RetainedByWildcard,

    /// <summary>Topics with dots, spaces and asterisks.</summary>
    AnyTopic,
}
