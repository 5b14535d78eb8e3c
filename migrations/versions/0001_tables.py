"""The tables of the first version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_key", sa.String(length=100), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("roles", sa.String(length=60), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("email", name="uq_accounts_email"),
    )
    op.create_index("ix_accounts_name_key", "accounts", ["name_key"], unique=False)
    op.create_table(
        "audit",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("roles", sa.String(length=60), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("ip", sa.String(length=45), nullable=False),
        sa.Column("request_id", sa.String(length=32), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("object_kind", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit"),
    )
    op.create_index("ix_audit_actor_id_seq", "audit", ["actor_id", "seq"], unique=False)
    op.create_index("ix_audit_patient_id_seq", "audit", ["patient_id", "seq"], unique=False)
    op.create_table(
        "conditions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_key", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conditions"),
        sa.UniqueConstraint("slug", name="uq_conditions_slug"),
    )
    op.create_index("ix_conditions_name_key", "conditions", ["name_key"], unique=False)
    op.create_table(
        "exercises",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("current_number", sa.Integer(), nullable=False),
        sa.Column("title_key", sa.String(length=120), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exercises"),
        sa.UniqueConstraint("slug", name="uq_exercises_slug"),
    )
    op.create_index("ix_exercises_title_key", "exercises", ["title_key"], unique=False)
    op.create_table(
        "handouts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("current_number", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_handouts"),
        sa.UniqueConstraint("code", name="uq_handouts_code"),
    )
    op.create_table(
        "exercise_revisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("exercise_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["exercise_id"], ["exercises.id"], name="fk_exercise_revisions_exercise_id_exercises"
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["accounts.id"], name="fk_exercise_revisions_published_by_accounts"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_exercise_revisions"),
        sa.UniqueConstraint(
            "exercise_id", "number", name="uq_exercise_revisions_exercise_id_number"
        ),
    )
    op.create_index(
        "ix_exercise_revisions_published_by", "exercise_revisions", ["published_by"], unique=False
    )
    op.create_table(
        "handout_revisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("handout_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["handout_id"], ["handouts.id"], name="fk_handout_revisions_handout_id_handouts"
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["accounts.id"], name="fk_handout_revisions_published_by_accounts"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_handout_revisions"),
        sa.UniqueConstraint("handout_id", "number", name="uq_handout_revisions_handout_id_number"),
    )
    op.create_index(
        "ix_handout_revisions_published_by", "handout_revisions", ["published_by"], unique=False
    )
    op.create_table(
        "patients",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_key", sa.String(length=100), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("record_number", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_patients_version_positive")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts.id"], name="fk_patients_person_id_accounts"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_patients"),
        sa.UniqueConstraint("person_id", name="uq_patients_person_id"),
    )
    op.create_index("ix_patients_name_key_id", "patients", ["name_key", "id"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_sessions_account_id_accounts"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("token_hash", name="uq_sessions_token_hash"),
    )
    op.create_index("ix_sessions_account_id", "sessions", ["account_id"], unique=False)
    op.create_table(
        "care_team",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("therapist_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_care_team_patient_id_patients"
        ),
        sa.ForeignKeyConstraint(
            ["therapist_id"], ["accounts.id"], name="fk_care_team_therapist_id_accounts"
        ),
        sa.PrimaryKeyConstraint("patient_id", "therapist_id", name="pk_care_team"),
    )
    op.create_index(
        "ix_care_team_therapist_id_patient_id",
        "care_team",
        ["therapist_id", "patient_id"],
        unique=False,
    )
    op.create_table(
        "patient_conditions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("condition_id", sa.Uuid(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["condition_id"],
            ["conditions.id"],
            name="fk_patient_conditions_condition_id_conditions",
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["accounts.id"], name="fk_patient_conditions_ended_by_accounts"
        ),
        sa.ForeignKeyConstraint(
            ["noted_by"], ["accounts.id"], name="fk_patient_conditions_noted_by_accounts"
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_patient_conditions_patient_id_patients"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_patient_conditions"),
    )
    op.create_index(
        "ix_patient_conditions_condition_id", "patient_conditions", ["condition_id"], unique=False
    )
    op.create_index(
        "ix_patient_conditions_ended_by", "patient_conditions", ["ended_by"], unique=False
    )
    op.create_index(
        "ix_patient_conditions_noted_by", "patient_conditions", ["noted_by"], unique=False
    )
    op.create_index(
        "ix_patient_conditions_patient_id", "patient_conditions", ["patient_id"], unique=False
    )
    op.create_index(
        "uq_patient_conditions_current",
        "patient_conditions",
        ["patient_id", "condition_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "plans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["accounts.id"], name="fk_plans_created_by_accounts"
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_plans_patient_id_patients"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_plans"),
        sa.UniqueConstraint("code", name="uq_plans_code"),
    )
    op.create_index("ix_plans_created_by", "plans", ["created_by"], unique=False)
    op.create_index("ix_plans_patient_id", "plans", ["patient_id"], unique=False)
    op.create_table(
        "plan_events",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name="fk_plan_events_by_accounts"),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name="fk_plan_events_plan_id_plans"),
        sa.PrimaryKeyConstraint("seq", name="pk_plan_events"),
    )
    op.create_index("ix_plan_events_by", "plan_events", ["by"], unique=False)
    op.create_index("ix_plan_events_plan_id", "plan_events", ["plan_id"], unique=False)
    op.create_table(
        "plan_revisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("handout_id", sa.Uuid(), nullable=True),
        sa.Column("times_per_day", sa.Integer(), nullable=True),
        sa.Column("days_per_week", sa.Integer(), nullable=True),
        sa.Column("weekdays", sa.Integer(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("save_key", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            "(number IS NULL) = (approved_at IS NULL) AND (number IS NULL) = (approved_by IS NULL) AND (number IS NULL) = (told IS NULL)",
            name=op.f("ck_plan_revisions_approved_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["accounts.id"], name="fk_plan_revisions_approved_by_accounts"
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["accounts.id"], name="fk_plan_revisions_created_by_accounts"
        ),
        sa.ForeignKeyConstraint(
            ["handout_id"], ["handouts.id"], name="fk_plan_revisions_handout_id_handouts"
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name="fk_plan_revisions_plan_id_plans"),
        sa.PrimaryKeyConstraint("id", name="pk_plan_revisions"),
        sa.UniqueConstraint("plan_id", "number", name="uq_plan_revisions_plan_id_number"),
    )
    op.create_index(
        "ix_plan_revisions_approved_by", "plan_revisions", ["approved_by"], unique=False
    )
    op.create_index("ix_plan_revisions_created_by", "plan_revisions", ["created_by"], unique=False)
    op.create_index("ix_plan_revisions_handout_id", "plan_revisions", ["handout_id"], unique=False)
    op.create_index("ix_plan_revisions_plan_id", "plan_revisions", ["plan_id"], unique=False)
    op.create_index(
        "uq_plan_revisions_draft",
        "plan_revisions",
        ["plan_id"],
        unique=True,
        sqlite_where=sa.text("number IS NULL"),
        postgresql_where=sa.text("number IS NULL"),
    )
    op.create_table(
        "warning_answers",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("cause_key", sa.String(length=80), nullable=False),
        sa.Column("cause_version", sa.String(length=400), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["accounts.id"], name="fk_warning_answers_by_accounts"),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name="fk_warning_answers_plan_id_plans"),
        sa.PrimaryKeyConstraint("seq", name="pk_warning_answers"),
    )
    op.create_index("ix_warning_answers_by", "warning_answers", ["by"], unique=False)
    op.create_index(
        "ix_warning_answers_plan_id_thread_id",
        "warning_answers",
        ["plan_id", "thread_id"],
        unique=False,
    )
    op.create_table(
        "approval_answers",
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("answer_seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_seq"],
            ["warning_answers.seq"],
            name="fk_approval_answers_answer_seq_warning_answers",
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["plan_revisions.id"],
            name="fk_approval_answers_revision_id_plan_revisions",
        ),
        sa.PrimaryKeyConstraint("revision_id", "answer_seq", name="pk_approval_answers"),
    )
    op.create_index(
        "ix_approval_answers_answer_seq", "approval_answers", ["answer_seq"], unique=False
    )
    op.create_table(
        "prescriptions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("exercise_id", sa.Uuid(), nullable=False),
        sa.Column("exercise_revision_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.String(length=20), nullable=False),
        sa.Column("repetitions_low", sa.Integer(), nullable=True),
        sa.Column("repetitions_high", sa.Integer(), nullable=True),
        sa.Column("hold_low", sa.Integer(), nullable=True),
        sa.Column("hold_high", sa.Integer(), nullable=True),
        sa.Column("sets", sa.Integer(), nullable=False),
        sa.Column("rest", sa.Integer(), nullable=True),
        sa.Column("times_per_day", sa.Integer(), nullable=True),
        sa.Column("days_per_week", sa.Integer(), nullable=True),
        sa.Column("weekdays", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("load", sa.String(length=60), nullable=False),
        sa.Column("start_state", sa.String(length=10), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(start_state = 'dated') = (start_on IS NOT NULL)",
            name=op.f("ck_prescriptions_start_whole"),
        ),
        sa.CheckConstraint(
            "start_state IN ('unset', 'withheld', 'dated')",
            name=op.f("ck_prescriptions_start_known"),
        ),
        sa.CheckConstraint("hold_low <= hold_high", name=op.f("ck_prescriptions_hold_ordered")),
        sa.CheckConstraint(
            "repetitions_low <= repetitions_high", name=op.f("ck_prescriptions_repetitions_ordered")
        ),
        sa.ForeignKeyConstraint(
            ["exercise_id"], ["exercises.id"], name="fk_prescriptions_exercise_id_exercises"
        ),
        sa.ForeignKeyConstraint(
            ["exercise_revision_id"],
            ["exercise_revisions.id"],
            name="fk_prescriptions_exercise_revision_id_exercise_revisions",
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["plan_revisions.id"],
            name="fk_prescriptions_revision_id_plan_revisions",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_prescriptions"),
    )
    op.create_index("ix_prescriptions_exercise_id", "prescriptions", ["exercise_id"], unique=False)
    op.create_index(
        "ix_prescriptions_exercise_revision_id",
        "prescriptions",
        ["exercise_revision_id"],
        unique=False,
    )
    op.create_index(
        "ix_prescriptions_revision_id_place",
        "prescriptions",
        ["revision_id", "place"],
        unique=False,
    )
    op.create_index("ix_prescriptions_thread_id", "prescriptions", ["thread_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_prescriptions_thread_id", table_name="prescriptions")
    op.drop_index("ix_prescriptions_revision_id_place", table_name="prescriptions")
    op.drop_index("ix_prescriptions_exercise_revision_id", table_name="prescriptions")
    op.drop_index("ix_prescriptions_exercise_id", table_name="prescriptions")
    op.drop_table("prescriptions")
    op.drop_index("ix_approval_answers_answer_seq", table_name="approval_answers")
    op.drop_table("approval_answers")
    op.drop_index("ix_warning_answers_plan_id_thread_id", table_name="warning_answers")
    op.drop_index("ix_warning_answers_by", table_name="warning_answers")
    op.drop_table("warning_answers")
    op.drop_index(
        "uq_plan_revisions_draft",
        table_name="plan_revisions",
        sqlite_where=sa.text("number IS NULL"),
        postgresql_where=sa.text("number IS NULL"),
    )
    op.drop_index("ix_plan_revisions_plan_id", table_name="plan_revisions")
    op.drop_index("ix_plan_revisions_handout_id", table_name="plan_revisions")
    op.drop_index("ix_plan_revisions_created_by", table_name="plan_revisions")
    op.drop_index("ix_plan_revisions_approved_by", table_name="plan_revisions")
    op.drop_table("plan_revisions")
    op.drop_index("ix_plan_events_plan_id", table_name="plan_events")
    op.drop_index("ix_plan_events_by", table_name="plan_events")
    op.drop_table("plan_events")
    op.drop_index("ix_plans_patient_id", table_name="plans")
    op.drop_index("ix_plans_created_by", table_name="plans")
    op.drop_table("plans")
    op.drop_index(
        "uq_patient_conditions_current",
        table_name="patient_conditions",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index("ix_patient_conditions_patient_id", table_name="patient_conditions")
    op.drop_index("ix_patient_conditions_noted_by", table_name="patient_conditions")
    op.drop_index("ix_patient_conditions_ended_by", table_name="patient_conditions")
    op.drop_index("ix_patient_conditions_condition_id", table_name="patient_conditions")
    op.drop_table("patient_conditions")
    op.drop_index("ix_care_team_therapist_id_patient_id", table_name="care_team")
    op.drop_table("care_team")
    op.drop_index("ix_sessions_account_id", table_name="sessions")
    op.drop_table("sessions")
    op.drop_index("ix_patients_name_key_id", table_name="patients")
    op.drop_table("patients")
    op.drop_index("ix_handout_revisions_published_by", table_name="handout_revisions")
    op.drop_table("handout_revisions")
    op.drop_index("ix_exercise_revisions_published_by", table_name="exercise_revisions")
    op.drop_table("exercise_revisions")
    op.drop_table("handouts")
    op.drop_index("ix_exercises_title_key", table_name="exercises")
    op.drop_table("exercises")
    op.drop_index("ix_conditions_name_key", table_name="conditions")
    op.drop_table("conditions")
    op.drop_index("ix_audit_patient_id_seq", table_name="audit")
    op.drop_index("ix_audit_actor_id_seq", table_name="audit")
    op.drop_table("audit")
    op.drop_index("ix_accounts_name_key", table_name="accounts")
    op.drop_table("accounts")
