using Microsoft.Data.Sqlite;

namespace FaceLandmark.Mqtt;

/// <summary>The table of waiting messages in SQLite, with a write-ahead log: what is committed survives the kill of the process. One thread at a time.</summary>
internal sealed class OutboxFile : IDisposable
{
    // A process that holds the file is another node; it does not let go while we wait.
    private const string Settings = "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA journal_size_limit=4194304;";

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _select;
    private readonly SqliteCommand _delete;

    /// <summary>Opens or makes it.</summary>
    /// <exception cref="OutboxException">It can't be used.</exception>
    public OutboxFile(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 1 }.ConnectionString);
            _connection.Open();
            Execute(Settings);
            Execute("CREATE TABLE IF NOT EXISTS outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, type TEXT NOT NULL, payload BLOB NOT NULL);");
            Count = (long)Prepare("SELECT COUNT(*) FROM outbox").ExecuteScalar()!;
        }
        catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException)
        {
            _connection?.Dispose();
            var locked = failure is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED };
            throw new OutboxException(
                locked
                    ? $"The outbox '{path}' is in use by another node: give every node an Outbox:File of its own."
                    : $"The outbox '{path}' can't be used ({failure.Message}): check Outbox:File, its permissions and the disk; if the file is damaged, move it away.",
                failure);
        }

        _insert = Prepare("INSERT INTO outbox (topic, type, payload) VALUES ($topic, $type, $payload)", "$topic", "$type", "$payload");
        _select = Prepare("SELECT id, topic, type, payload FROM outbox WHERE id > $after ORDER BY id LIMIT $count", "$after", "$count");
        _delete = Prepare("DELETE FROM outbox WHERE id = $id", "$id");
    }

    /// <summary>Messages in it.</summary>
    public long Count { get; private set; }

    /// <summary>Appends all, or none.</summary>
    public void Append(IReadOnlyCollection<OutboxEntry> entries)
    {
        using var transaction = _connection.BeginTransaction();
        _insert.Transaction = transaction;
        foreach (var entry in entries)
        {
            (_insert.Parameters[0].Value, _insert.Parameters[1].Value, _insert.Parameters[2].Value) = (entry.Topic, entry.ContentType, entry.Payload);
            _insert.ExecuteNonQuery();
        }

        transaction.Commit();
        Count += entries.Count;
    }

    /// <summary>The oldest messages after an id.</summary>
    public List<OutboxEntry> Read(long after, int count)
    {
        (_select.Parameters[0].Value, _select.Parameters[1].Value) = (after, count);
        using var rows = _select.ExecuteReader();
        var entries = new List<OutboxEntry>();
        while (rows.Read())
            entries.Add(new OutboxEntry(rows.GetInt64(0), rows.GetString(1), rows.GetString(2), rows.GetFieldValue<byte[]>(3)));
        return entries;
    }

    /// <summary>Removes one.</summary>
    public void Remove(long id)
    {
        _delete.Parameters[0].Value = id;
        Count -= _delete.ExecuteNonQuery();
    }

    /// <summary>Removes the oldest.</summary>
    public void RemoveOldest(long count)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox ORDER BY id LIMIT $count)";
        command.Parameters.AddWithValue("$count", count);
        Count -= command.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _insert.Dispose();
        _select.Dispose();
        _delete.Dispose();
        _connection.Dispose();
    }

    private void Execute(string sql)
    {
        using var command = Prepare(sql);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Prepare(string sql, params string[] parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var parameter in parameters)
            command.Parameters.Add(new SqliteParameter(parameter, null));
        return command;
    }
}
