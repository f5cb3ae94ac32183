from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from yema.database.migrations import sql

ID = "2026-11-21T17:13:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "one unseen of each topic, one waiting for each target, and what is due in order"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="notifications", description=DESCRIPTION)
    manager.add_raw(sql(
        'CREATE UNIQUE INDEX notification_unseen ON notification (person, topic) WHERE seen_at IS NULL',
        'CREATE INDEX notification_unseen_topic ON notification (topic) WHERE seen_at IS NULL',
        'CREATE INDEX notification_of ON notification (person, topic)',
        'CREATE INDEX notification_inbox ON notification (person, told_at)',
        "CREATE UNIQUE INDEX delivery_waiting ON delivery (target, topic) WHERE state = 'waiting'",
        "CREATE INDEX delivery_due ON delivery (channel, urgent, next_at) WHERE state = 'waiting'",
        "CREATE INDEX delivery_ended ON delivery (made_at) WHERE state <> 'waiting'",
        'CREATE INDEX device_gone ON device (gone_at) WHERE gone_at IS NOT NULL',
        'CREATE UNIQUE INDEX notification_choice_of ON notification_choice (person, kind, channel)',
    ))
    return manager
