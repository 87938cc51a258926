CREATE TABLE "access_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"secret" text NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "accounts" (
	"id" text PRIMARY KEY NOT NULL,
	"alibaba_uid" text NOT NULL,
	"huawei_project_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "cluster_secrets" (
	"cluster_id" text NOT NULL,
	"name" text NOT NULL,
	"value" text NOT NULL,
	CONSTRAINT "cluster_secrets_cluster_id_name_pk" PRIMARY KEY("cluster_id","name")
);
--> statement-breakpoint
CREATE TABLE "clusters" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"dialect" text NOT NULL,
	"name" text NOT NULL,
	"region" text NOT NULL,
	"state" text NOT NULL,
	"placement" text NOT NULL,
	"spec" jsonb NOT NULL,
	"request" jsonb NOT NULL,
	"substrate_state" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "events" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"cluster_id" text NOT NULL,
	"task_id" text,
	"level" text NOT NULL,
	"reason" text NOT NULL,
	"message" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "key_proofs" (
	"id" integer PRIMARY KEY NOT NULL,
	"proof" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "node_pools" (
	"id" text PRIMARY KEY NOT NULL,
	"cluster_id" text NOT NULL,
	"name" text NOT NULL,
	"spec" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "nodes" (
	"instance_id" text NOT NULL,
	"cluster_id" text NOT NULL,
	"node_pool_id" text NOT NULL,
	"name" text NOT NULL,
	"address" text NOT NULL,
	"vswitch_id" text NOT NULL,
	"instance_type" text NOT NULL,
	"existing" boolean DEFAULT false NOT NULL,
	"ordinal" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "nodes_cluster_id_instance_id_pk" PRIMARY KEY("cluster_id","instance_id")
);
--> statement-breakpoint
CREATE TABLE "nonces" (
	"access_key_id" text NOT NULL,
	"nonce" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "nonces_access_key_id_nonce_pk" PRIMARY KEY("access_key_id","nonce")
);
--> statement-breakpoint
CREATE TABLE "tasks" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"cluster_id" text NOT NULL,
	"cluster_name" text NOT NULL,
	"placement" text NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"stages" jsonb NOT NULL,
	"requested" text,
	"rollback" boolean DEFAULT false NOT NULL,
	"timeout_minutes" integer NOT NULL,
	"error" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "vpcs" (
	"account_id" text NOT NULL,
	"id" text NOT NULL,
	"region" text NOT NULL,
	"cidr" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "vpcs_account_id_id_pk" PRIMARY KEY("account_id","id")
);
--> statement-breakpoint
CREATE TABLE "vswitches" (
	"account_id" text NOT NULL,
	"id" text NOT NULL,
	"vpc_id" text NOT NULL,
	"zone" text NOT NULL,
	"cidr" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "vswitches_account_id_id_pk" PRIMARY KEY("account_id","id")
);
--> statement-breakpoint
ALTER TABLE "access_keys" ADD CONSTRAINT "access_keys_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cluster_secrets" ADD CONSTRAINT "cluster_secrets_cluster_id_clusters_id_fk" FOREIGN KEY ("cluster_id") REFERENCES "public"."clusters"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clusters" ADD CONSTRAINT "clusters_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "node_pools" ADD CONSTRAINT "node_pools_cluster_id_clusters_id_fk" FOREIGN KEY ("cluster_id") REFERENCES "public"."clusters"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "nodes" ADD CONSTRAINT "nodes_cluster_id_clusters_id_fk" FOREIGN KEY ("cluster_id") REFERENCES "public"."clusters"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vswitches" ADD CONSTRAINT "vswitches_account_id_vpc_id_vpcs_account_id_id_fk" FOREIGN KEY ("account_id","vpc_id") REFERENCES "public"."vpcs"("account_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "clusters_account_id_created_at_index" ON "clusters" USING btree ("account_id","created_at");--> statement-breakpoint
CREATE INDEX "events_cluster_id_id_index" ON "events" USING btree ("cluster_id","id");--> statement-breakpoint
CREATE INDEX "node_pools_cluster_id_index" ON "node_pools" USING btree ("cluster_id");--> statement-breakpoint
CREATE INDEX "nonces_expires_at_index" ON "nonces" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "tasks_cluster_id_created_at_index" ON "tasks" USING btree ("cluster_id","created_at");