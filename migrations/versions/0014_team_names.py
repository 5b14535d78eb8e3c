"""The care team knows its patients' names in the order of lists; the database keeps them right."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

MAX_NAME = 100
PLAIN = "fk_care_team_patient_id_patients"
NAMED = "fk_care_team_patient_id_name_key_patients"


def upgrade() -> None:
    op.create_index("uq_patients_id_name_key", "patients", ["id", "name_key"], unique=True)
    op.add_column("care_team", sa.Column("name_key", sa.String(length=MAX_NAME), nullable=True))
    op.execute(
        "UPDATE care_team SET name_key = (SELECT name_key FROM patients WHERE id = patient_id)"
    )
    op.drop_index("ix_care_team_therapist_id_patient_id", table_name="care_team")
    with op.batch_alter_table("care_team") as care_team:
        care_team.alter_column("name_key", existing_type=sa.String(length=MAX_NAME), nullable=False)
        care_team.drop_constraint(PLAIN, type_="foreignkey")
        care_team.create_foreign_key(
            NAMED, "patients", ["patient_id", "name_key"], ["id", "name_key"], onupdate="CASCADE"
        )
    op.create_index(
        "ix_care_team_therapist_id_name_key",
        "care_team",
        ["therapist_id", "name_key", "patient_id"],
    )


def downgrade() -> None:
    op.drop_index("ix_care_team_therapist_id_name_key", table_name="care_team")
    with op.batch_alter_table("care_team") as care_team:
        care_team.drop_constraint(NAMED, type_="foreignkey")
        care_team.create_foreign_key(PLAIN, "patients", ["patient_id"], ["id"])
        care_team.drop_column("name_key")
    op.create_index(
        "ix_care_team_therapist_id_patient_id", "care_team", ["therapist_id", "patient_id"]
    )
    op.drop_index("uq_patients_id_name_key", table_name="patients")
