CREATE TABLE "projects" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"name" text NOT NULL,
	"is_first" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "projects_account_id_name_unique" UNIQUE("account_id","name")
);
--> statement-breakpoint
CREATE TABLE "tokens" (
	"hash" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"project_id" text,
	"issued_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"name" text NOT NULL,
	"password_hash" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_account_id_name_unique" UNIQUE("account_id","name")
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "huawei_domain_id" text;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "huawei_domain_name" text;--> statement-breakpoint
-- The accounts that are there get a domain each, and the project that they had as a number becomes their first one.
UPDATE "accounts" SET
	"huawei_domain_id" = replace(gen_random_uuid()::text, '-', ''),
	"huawei_domain_name" = CASE "id" WHEN 'default' THEN 'sampan' ELSE "id" END;--> statement-breakpoint
ALTER TABLE "accounts" ALTER COLUMN "huawei_domain_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "accounts" ALTER COLUMN "huawei_domain_name" SET NOT NULL;--> statement-breakpoint
INSERT INTO "projects" ("id", "account_id", "name", "is_first", "created_at")
	SELECT "huawei_project_id", "id", 'cn-north-4', true, "created_at" FROM "accounts";--> statement-breakpoint
ALTER TABLE "accounts" DROP COLUMN "huawei_project_id";--> statement-breakpoint
ALTER TABLE "clusters" ADD COLUMN "project_id" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "project_id" text;--> statement-breakpoint
-- The clusters that are there were all made through ACK: what is said of a cluster since then has what they were made with.
UPDATE "clusters" SET "spec" =
	jsonb_build_object(
		'vendorId', 'c' || "id",
		'description', '',
		'labels', '{}'::jsonb,
		'annotations', '{}'::jsonb,
		'workerKind', 'virtual-machine',
		-- The members of a dedicated cluster are nodes of its own; those of others are all in its first vSwitch.
		'memberZones', coalesce(
			(
				SELECT jsonb_agg("vswitches"."zone" ORDER BY "nodes"."ordinal")
				FROM "nodes"
				JOIN "node_pools" ON "node_pools"."id" = "nodes"."node_pool_id"
				JOIN "vswitches" ON "vswitches"."account_id" = "clusters"."account_id"
					AND "vswitches"."id" = "nodes"."vswitch_id"
				WHERE "nodes"."cluster_id" = "clusters"."id" AND "node_pools"."spec" ->> 'role' = 'control-plane'
			),
			(
				SELECT jsonb_agg("vswitches"."zone")
				FROM generate_series(1, ("clusters"."spec" ->> 'members')::integer)
				JOIN "vswitches" ON "vswitches"."account_id" = "clusters"."account_id"
					AND "vswitches"."id" = "clusters"."spec" #>> '{network,vswitchIds,0}'
			),
			'[]'::jsonb
		)
	)
	|| "spec"
	|| jsonb_build_object('network', jsonb_build_object('morePodCidrs', '[]'::jsonb) || ("spec" -> 'network'));--> statement-breakpoint
ALTER TABLE "projects" ADD CONSTRAINT "projects_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tokens" ADD CONSTRAINT "tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tokens" ADD CONSTRAINT "tokens_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE cascade;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "projects_first_of_account_index" ON "projects" USING btree ("account_id") WHERE "projects"."is_first";--> statement-breakpoint
CREATE INDEX "tokens_user_id_index" ON "tokens" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "tokens_expires_at_index" ON "tokens" USING btree ("expires_at");--> statement-breakpoint
ALTER TABLE "clusters" ADD CONSTRAINT "clusters_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE cascade;--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_huawei_domain_id_unique" UNIQUE("huawei_domain_id");--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_huawei_domain_name_unique" UNIQUE("huawei_domain_name");